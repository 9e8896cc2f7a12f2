package io.sluice.api.session;

import org.jspecify.annotations.Nullable;

/**
 * Why an endpoint or a session failed.
 *
 * @param kind whether trying again can help
 * @param reason the cause as one of the known words
 * @param message for logs and administrators; never holds a secret
 * @param error the error that the server sent or that the client shall see; null when there is none
 * @param cause what was thrown; null when nothing was
 */
public record Failure(
    Kind kind,
    CloseReason reason,
    String message,
    @Nullable ReplyError error,
    @Nullable Throwable cause) {

  /** Whether trying again can help. */
  public enum Kind {
    /** The next try may work: connection refused, lost, too many connections. */
    TRANSIENT,
    /** It will fail again until somebody changes something: wrong password, unknown database. */
    PERMANENT
  }

  /** A failure that may pass. */
  public static Failure passing(CloseReason reason, String message, @Nullable Throwable cause) {
    return new Failure(Kind.TRANSIENT, reason, message, null, cause);
  }

  /** A failure that stays, with the error that belongs to it. */
  public static Failure lasting(CloseReason reason, String message, @Nullable ReplyError error) {
    return new Failure(Kind.PERMANENT, reason, message, error, null);
  }
}
