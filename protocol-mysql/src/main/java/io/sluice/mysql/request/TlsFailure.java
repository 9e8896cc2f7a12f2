package io.sluice.mysql.request;

import io.netty.handler.ssl.NotSslRecordException;
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

  /** Why a handshake failed, without the bytes that came: they may be a password. */
  public static String tell(Throwable cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof NotSslRecordException) {
        return "what came is no TLS";
      }
    }
    return String.valueOf(cause.getMessage());
  }
}
