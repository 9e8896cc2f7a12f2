package io.sluice.binlog.master;

import io.sluice.mysql.auth.PrivateFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals a password with AES-256-GCM under a random key that stands in a file of its own, mode 0600,
 * made at the first use. It keeps the password out of copies, backups and support bundles of the
 * file that it stands in; it is no help against somebody who can read the key file too. Blocks.
 */
final class PasswordVault {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final byte[] PURPOSE =
      "sluice: the master's password".getBytes(StandardCharsets.UTF_8);

  private final Path keyFile;
  private final SecureRandom random = new SecureRandom();

  PasswordVault(Path keyFile) {
    this.keyFile = keyFile;
  }

  /** Seals; the same text is sealed differently each time. */
  String seal(String password) throws IOException {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, key(true), nonce)
              .doFinal(password.getBytes(StandardCharsets.UTF_8));
      ByteBuffer all = ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed);
      return Base64.getEncoder().encodeToString(all.array());
    } catch (GeneralSecurityException e) {
      throw new IOException("password: cannot be sealed", e);
    }
  }

  /**
   * Opens what was sealed.
   *
   * @throws IOException if the key is missing or is not the one it was sealed with
   */
  String open(String sealed) throws IOException {
    try {
      byte[] all = Base64.getDecoder().decode(sealed);
      if (all.length < NONCE_BYTES) {
        throw new IOException("password: too short (expected: as it was sealed)");
      }
      byte[] nonce = java.util.Arrays.copyOf(all, NONCE_BYTES);
      byte[] clear =
          cipher(Cipher.DECRYPT_MODE, key(false), nonce)
              .doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
      return new String(clear, StandardCharsets.UTF_8);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          "password: cannot be opened (expected: sealed with the key in " + keyFile + ")", e);
    }
  }

  private static Cipher cipher(int mode, byte[] key, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(PURPOSE);
    return cipher;
  }

  private byte[] key(boolean make) throws IOException {
    try {
      byte[] key = Files.readAllBytes(keyFile);
      if (key.length != KEY_BYTES) {
        throw new IOException(
            keyFile + ": " + key.length + " bytes (expected: a key of " + KEY_BYTES + " bytes)");
      }
      return key;
    } catch (NoSuchFileException e) {
      if (!make) {
        throw new IOException(
            keyFile + ": missing (expected: the key of the master's password)", e);
      }
      byte[] key = new byte[KEY_BYTES];
      random.nextBytes(key);
      PrivateFile.write(keyFile, key);
      return key;
    }
  }
}
