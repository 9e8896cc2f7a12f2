package io.sluice.api.admin;

/** A command that cannot be done; the text is for the administrator. */
public final class CommandException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With the text for the administrator. */
  public CommandException(String message) {
    super(message);
  }
}
