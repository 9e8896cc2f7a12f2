package io.sluice.core.boot;

import org.jspecify.annotations.Nullable;

/** The process cannot start although its configuration is right; the text is for the operator. */
public final class StartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With the text for the operator. */
  public StartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
