package io.sluice.mysql.account;

import static java.util.Objects.requireNonNull;

import io.sluice.mysql.auth.AuthPlugin;
import io.sluice.mysql.auth.StoredVerifier;
import org.jspecify.annotations.Nullable;

/**
 * One way to authenticate that an account allows, as the server stores it. Immutable; never prints
 * the text.
 *
 * @param plugin the name of the method, maybe one that the proxy does not speak
 * @param text the authentication string
 * @param additional that of the password before, while MySQL still takes both; else empty
 */
public record StoredAuth(String plugin, String text, String additional) {

  /** Checks that nothing is missing. */
  public StoredAuth {
    requireNonNull(plugin, "plugin");
    requireNonNull(text, "text");
    requireNonNull(additional, "additional");
  }

  /** With one password. */
  public StoredAuth(String plugin, String text) {
    this(plugin, text, "");
  }

  /** As the authenticator takes it; null when the method is not spoken. */
  @Nullable StoredVerifier verifier() {
    AuthPlugin known = AuthPlugin.ofAccount(plugin);
    return known == null ? null : new StoredVerifier(known, text, additional);
  }

  @Override
  public String toString() {
    return "StoredAuth[" + plugin + "]";
  }
}
