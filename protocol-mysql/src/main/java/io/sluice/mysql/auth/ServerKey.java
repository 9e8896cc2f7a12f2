package io.sluice.mysql.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * Which public key of a server a password may be encrypted with where the connection itself is not:
 * none, the one that is known from before, or whatever the server sends. Who stands between can
 * send a key of its own and read the password then. Immutable.
 */
public final class ServerKey {

  /** None: a password is not sent then. */
  public static final ServerKey NONE = new ServerKey(null, false);

  /** The one that the server sends. */
  public static final ServerKey SENT = new ServerKey(null, true);

  private final @Nullable PublicKey known;
  private final boolean sent;

  private ServerKey(@Nullable PublicKey known, boolean sent) {
    this.known = known;
    this.sent = sent;
  }

  /**
   * The one in a PEM file, as a server keeps it in {@code public_key.pem}. Blocks.
   *
   * @throws IOException if the file cannot be read or holds no such key
   */
  public static ServerKey of(Path file) throws IOException {
    try {
      return new ServerKey(RsaKeys.parsePublicKey(Files.readAllBytes(file)), false);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(file + ": no RSA public key", e);
    }
  }

  /** The key known from before, or null. */
  @Nullable PublicKey known() {
    return known;
  }

  /** Whether the server may be asked for its key. */
  boolean maySend() {
    return sent;
  }
}
