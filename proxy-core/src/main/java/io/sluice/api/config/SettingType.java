package io.sluice.api.config;

import com.typesafe.config.ConfigValue;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A type that a setting can have: knows how to read itself and how it is called in documentation.
 *
 * @param <T> the Java type; immutable
 */
public interface SettingType<T> {

  /** The word for documentation and messages, such as {@code duration}. */
  String name();

  /**
   * Reads a value.
   *
   * @param value as it stands in the configuration
   * @param path for messages
   * @param problems where to report a value that does not fit
   * @return the value, or null when a problem was reported
   */
  @Nullable T parse(ConfigValue value, String path, Problems problems);

  /** What a section or each section of a list follows; empty for everything that is none. */
  default Optional<SettingsSpec> sectionSpec() {
    return Optional.empty();
  }

  /** The value as an administrator would write it. */
  default String print(T value) {
    return String.valueOf(value);
  }
}
