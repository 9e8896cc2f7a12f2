package io.sluice.api.session;

/**
 * An error as a server or the proxy tells it to a client.
 *
 * @param code the protocol's error number
 * @param state the protocol's error state, empty when it has none
 * @param message the text
 */
public record ReplyError(int code, String state, String message) {

  @Override
  public String toString() {
    return code + " (" + state + "): " + message;
  }
}
