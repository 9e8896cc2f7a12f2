package io.sluice.api.config;

/**
 * One problem of a configuration.
 *
 * @param origin where it stands, such as {@code sluice.conf: 12}
 * @param path the path of the key
 * @param message what is wrong
 */
public record ConfigProblem(String origin, String path, String message) {

  @Override
  public String toString() {
    return origin + ": " + path + ": " + message;
  }
}
