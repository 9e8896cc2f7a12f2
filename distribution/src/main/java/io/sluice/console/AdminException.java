package io.sluice.console;

/** Something that cannot be done; the text is for the person at the console. */
final class AdminException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  AdminException(String message) {
    super(message);
  }
}
