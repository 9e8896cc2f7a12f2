package io.sluice.api.session;

import org.jspecify.annotations.Nullable;

/**
 * Who a session belongs to, as the protocol established it at login.
 *
 * @param credentials user name and what it proved
 * @param host the client's address without port
 * @param clientState what the protocol agreed with the client (capabilities, character set, default
 *     database …); handed to the backend connections of the same session, which may read it; null
 *     when the protocol needs none
 */
public record Identity(Credentials credentials, String host, @Nullable Object clientState) {

  /** The user's name. */
  public String user() {
    return credentials.user();
  }
}
