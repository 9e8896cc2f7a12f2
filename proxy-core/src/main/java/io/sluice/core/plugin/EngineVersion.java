package io.sluice.core.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The version of this build.
 *
 * @param full as released, such as {@code 1.2.3-SNAPSHOT}
 * @param triple the three numbers alone: version constraints of plugins know nothing else
 */
public record EngineVersion(String full, String triple) {

  private static final String RESOURCE = "version.properties";

  /** Of this build, written into a resource by the build. */
  public static EngineVersion current() {
    Properties properties = new Properties();
    try (@Nullable InputStream in = EngineVersion.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + ": missing (expected: written by the build)");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new EngineVersion(
        properties.getProperty("version", "0.0.0"), properties.getProperty("triple", "0.0.0"));
  }
}
