package io.sluice.core.config;

/**
 * Where administration listens.
 *
 * @param enabled whether it listens at all
 * @param host the address to bind
 * @param port TCP port; 0 takes any free one
 */
public record AdminConfig(boolean enabled, String host, int port) {

  /** No administration. */
  public static final AdminConfig NONE = new AdminConfig(false, "", 0);

  @Override
  public String toString() {
    return !enabled ? "none" : (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
