package io.sluice.api.session;

import static java.util.Objects.requireNonNull;

/**
 * A user and a clear password, from the configuration.
 *
 * @param user the name
 * @param password the password, never printed
 */
public record PasswordCredentials(String user, String password) implements Credentials {

  /** Checks that nothing is missing. */
  public PasswordCredentials {
    requireNonNull(user, "user");
    requireNonNull(password, "password");
  }

  @Override
  public String toString() {
    return "PasswordCredentials[user=" + user + "]";
  }
}
