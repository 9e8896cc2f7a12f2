package io.sluice.api.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The values of a section, typed. Immutable. */
public final class Settings {

  private final SettingsSpec spec;
  private final Map<Setting<?>, Object> values;

  Settings(SettingsSpec spec, Map<Setting<?>, Object> values) {
    this.spec = spec;
    this.values = new LinkedHashMap<>(values);
  }

  /** Only defaults; for tests and for sections that were left out. */
  public static Settings defaults(SettingsSpec spec) {
    return new Settings(spec, Map.of());
  }

  /** These settings with one value set or replaced. */
  public <T> Settings with(Setting<T> setting, T value) {
    Map<Setting<?>, Object> changed = new LinkedHashMap<>(values);
    changed.put(setting, value);
    return new Settings(spec, changed);
  }

  /** These settings with the default of one in place of its value. */
  public Settings without(Setting<?> setting) {
    Map<Setting<?>, Object> changed = new LinkedHashMap<>(values);
    changed.remove(setting);
    return new Settings(spec, changed);
  }

  /**
   * The value of a setting that is required or has a default.
   *
   * @throws IllegalStateException if it has neither a value nor a default
   */
  public <T> T get(Setting<T> setting) {
    return find(setting)
        .orElseThrow(() -> new IllegalStateException(setting.name() + ": no value, no default"));
  }

  /** The value or the default, empty when there is neither. */
  @SuppressWarnings("unchecked") // parse() and with() put only values of the setting's own type
  public <T> Optional<T> find(Setting<T> setting) {
    @Nullable Object value = values.get(setting);
    return value == null ? Optional.ofNullable(setting.defaultValue()) : Optional.of((T) value);
  }

  /** Whether the configuration gave a value, rather than the default standing in. */
  public boolean isExplicit(Setting<?> setting) {
    return values.containsKey(setting);
  }

  /** Every setting of the specification with its printed value; secrets are masked. */
  public Map<String, String> printed() {
    Map<String, String> all = new LinkedHashMap<>();
    for (Setting<?> setting : spec.settings()) {
      print(setting, all);
    }
    return all;
  }

  private <T> void print(Setting<T> setting, Map<String, String> into) {
    find(setting).ifPresent(value -> into.put(setting.name(), setting.type().print(value)));
  }

  @Override
  public String toString() {
    return printed().toString();
  }
}
