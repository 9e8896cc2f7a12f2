package io.sluice.api.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings that a module or section knows. One specification serves parsing with all problems
 * at once, the reference documentation, administration and run-time changes. Immutable.
 */
public final class SettingsSpec {

  /** No settings at all. */
  public static final SettingsSpec EMPTY = new SettingsSpec(List.of());

  private final Map<String, Setting<?>> settings;

  private SettingsSpec(List<Setting<?>> settings) {
    Map<String, Setting<?>> byName = new LinkedHashMap<>();
    for (Setting<?> setting : settings) {
      if (byName.put(setting.name(), setting) != null) {
        throw new IllegalArgumentException("setting: " + setting.name() + " (expected: once)");
      }
    }
    this.settings = byName;
  }

  /** A specification of these settings, documented in this order. */
  public static SettingsSpec of(Setting<?>... settings) {
    return new SettingsSpec(List.of(settings));
  }

  /** This specification with more settings behind it. */
  public SettingsSpec and(SettingsSpec more) {
    List<Setting<?>> all = new ArrayList<>(settings.values());
    all.addAll(more.settings.values());
    return new SettingsSpec(all);
  }

  /** All settings in order. */
  public List<Setting<?>> settings() {
    return List.copyOf(settings.values());
  }

  /**
   * Reads a section. Unknown keys, values of the wrong type and missing required keys are reported;
   * the result holds what could be read.
   */
  public Settings parse(ConfigObject section, String path, Problems problems) {
    Map<Setting<?>, Object> values = new LinkedHashMap<>();
    section.forEach(
        (key, value) -> {
          Setting<?> setting = settings.get(key);
          if (setting == null) {
            problems.add(value.origin(), path(path, key), "unknown key" + didYouMean(key));
          } else {
            @Nullable Object parsed = parseValue(setting, value, path(path, key), problems);
            if (parsed != null) {
              values.put(setting, parsed);
            }
          }
        });
    for (Setting<?> setting : settings.values()) {
      if (setting.isRequired() && !section.containsKey(setting.name())) {
        problems.add(
            section.origin(),
            path(path, setting.name()),
            "missing (expected: " + setting.type().name() + ")");
      }
    }
    return new Settings(this, values);
  }

  /** The closest known key as a hint, or an empty text. */
  public String didYouMean(String key) {
    return DidYouMean.hint(key, settings.keySet());
  }

  private static @Nullable Object parseValue(
      Setting<?> setting, ConfigValue value, String path, Problems problems) {
    if (value.valueType() == ConfigValueType.NULL) {
      problems.add(value.origin(), path, "null (expected: " + setting.type().name() + ")");
      return null;
    }
    return setting.type().parse(value, path, problems);
  }

  private static String path(String section, String key) {
    return section.isEmpty() ? key : section + "." + key;
  }
}
