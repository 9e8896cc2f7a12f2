package io.sluice.core.net;

/** A listener's address cannot be bound; the message names the listener and the address. */
public final class ListenException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With the text for the operator. */
  public ListenException(String message, Throwable cause) {
    super(message, cause);
  }
}
