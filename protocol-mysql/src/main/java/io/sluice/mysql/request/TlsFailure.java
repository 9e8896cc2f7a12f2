package io.sluice.mysql.request;

import io.sluice.api.session.Failure;

/** Tells failures to agree on TLS with a server from others. Stateless. */
public final class TlsFailure {

  /** How the messages of such failures begin. */
  public static final String PREFIX = "tls: ";

  private TlsFailure() {}

  /** Whether TLS is the reason. */
  public static boolean is(Failure failure) {
    return failure.message().startsWith(PREFIX);
  }

  /** The message without its prefix. */
  public static String reason(Failure failure) {
    return failure.message().substring(PREFIX.length());
  }
}
