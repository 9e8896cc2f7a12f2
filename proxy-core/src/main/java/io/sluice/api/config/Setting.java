package io.sluice.api.config;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One setting of a module or section. Immutable; usually a constant of the module's settings class.
 *
 * @param <T> the type of its value
 */
public final class Setting<T> {

  private final String name;
  private final SettingType<T> type;
  private final String doc;
  private final @Nullable T defaultValue;
  private final boolean required;
  private final boolean changeable;

  private Setting(
      String name,
      SettingType<T> type,
      String doc,
      @Nullable T defaultValue,
      boolean required,
      boolean changeable) {
    this.name = requireNonNull(name, "name");
    this.type = requireNonNull(type, "type");
    this.doc = requireNonNull(doc, "doc");
    this.defaultValue = defaultValue;
    this.required = required;
    this.changeable = changeable;
  }

  /** A setting that must be given. */
  public static <T> Setting<T> required(String name, SettingType<T> type, String doc) {
    return new Setting<>(name, type, doc, null, true, false);
  }

  /** A setting that may be left out and then has no value. */
  public static <T> Setting<T> optional(String name, SettingType<T> type, String doc) {
    return new Setting<>(name, type, doc, null, false, false);
  }

  /** A setting with a default. */
  public static <T> Setting<T> of(String name, SettingType<T> type, T defaultValue, String doc) {
    return new Setting<>(
        name, type, doc, requireNonNull(defaultValue, "defaultValue"), false, false);
  }

  /** The same setting, changeable at run time. */
  public Setting<T> runtime() {
    return new Setting<>(name, type, doc, defaultValue, required, true);
  }

  /** The key in the configuration, lower case with dashes. */
  public String name() {
    return name;
  }

  /** The type. */
  public SettingType<T> type() {
    return type;
  }

  /** One or two sentences for the reference documentation. */
  public String doc() {
    return doc;
  }

  /** The default, or null when there is none. */
  public @Nullable T defaultValue() {
    return defaultValue;
  }

  /** Whether a configuration without it is an error. */
  public boolean isRequired() {
    return required;
  }

  /** Whether it can be changed while the module runs. */
  public boolean isChangeable() {
    return changeable;
  }

  /** The default as it would be written, empty when there is none. */
  public String printedDefault() {
    return defaultValue == null ? "" : type.print(defaultValue);
  }

  @Override
  public String toString() {
    return name;
  }
}
