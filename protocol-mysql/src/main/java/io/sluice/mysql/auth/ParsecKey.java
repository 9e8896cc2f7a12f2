package io.sluice.mysql.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What MariaDB's {@code parsec} keeps of a password: a public key, with salt and cost of the
 * derivation (PBKDF2 with SHA-512) that makes the seed of the secret one. Immutable. Deriving takes
 * milliseconds: not for event loops.
 *
 * <p>Source: the page "Authentication Plugin - PARSEC" of the public MariaDB manual; checked
 * against MariaDB 11.8.
 */
final class ParsecKey {

  /** Bytes of what a client is told: algorithm, cost and salt. */
  static final int PARAMETERS = 20;

  /** Bytes of a client's answer: its own nonce and a signature. */
  static final int ANSWER = Ed25519.KEY + Ed25519.SIGNATURE;

  private static final byte PBKDF2 = 'P';
  private static final int SALT = 18;
  private static final int TEXT_LENGTH = 71;
  private static final int SALT_AT = 3;
  private static final int KEY_AT = 28;
  private static final int LEAST_ROUNDS = 1024;

  /** Servers keep costs up to 3; what is higher than this would only hold us up. */
  private static final int MOST_COST = 8;

  private final byte[] parameters;
  private final byte[] publicKey;

  private ParsecKey(byte[] parameters, byte[] publicKey) {
    this.parameters = parameters;
    this.publicKey = publicKey;
  }

  /** From the text in account tables, or null if it is of another form. */
  static @Nullable ParsecKey parse(String text) {
    if (text.length() != TEXT_LENGTH
        || text.charAt(0) != PBKDF2
        || text.charAt(SALT_AT - 1) != ':'
        || text.charAt(KEY_AT - 1) != ':') {
      return null;
    }
    try {
      Base64.Decoder base64 = Base64.getDecoder();
      byte[] salt = base64.decode(text.substring(SALT_AT, KEY_AT - 1));
      byte[] key = base64.decode(text.substring(KEY_AT));
      byte[] parameters = parameters(text.charAt(1) - '0', salt);
      return isUsable(parameters) && key.length == Ed25519.KEY
          ? new ParsecKey(parameters, key)
          : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** As a server makes it of a new password. */
  static ParsecKey ofPassword(byte[] password, SecureRandom random) {
    byte[] salt = new byte[SALT];
    random.nextBytes(salt);
    byte[] parameters = parameters(0, salt);
    return new ParsecKey(parameters, Ed25519.publicKey(seed(password, parameters)));
  }

  /** With the same parameters, but for another public key. */
  ParsecKey withKey(byte[] otherKey) {
    return new ParsecKey(parameters, otherKey);
  }

  private static byte[] parameters(int cost, byte[] salt) {
    byte[] parameters = new byte[2 + salt.length];
    parameters[0] = PBKDF2;
    parameters[1] = (byte) cost;
    System.arraycopy(salt, 0, parameters, 2, salt.length);
    return parameters;
  }

  /** Whether a server's parameters can be followed. */
  static boolean isUsable(byte[] parameters) {
    return parameters.length == PARAMETERS
        && parameters[0] == PBKDF2
        && parameters[1] >= 0
        && parameters[1] <= MOST_COST;
  }

  /** What is signed with as if it were a password of the older method. */
  static byte[] seed(byte[] password, byte[] parameters) {
    try {
      Mac mac = Mac.getInstance("HmacSHA512");
      // A key is filled up with zeros, so one zero stands for an empty one, which is not taken.
      byte[] key = password.length == 0 ? new byte[1] : password;
      mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
      mac.update(parameters, 2, SALT);
      byte[] round = mac.doFinal(new byte[] {0, 0, 0, 1});
      byte[] sum = round.clone();
      for (int i = 1; i < LEAST_ROUNDS << parameters[1]; i++) {
        round = mac.doFinal(round);
        for (int j = 0; j < sum.length; j++) {
          sum[j] ^= round[j];
        }
      }
      return Arrays.copyOf(sum, Ed25519.KEY);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA512", e);
    }
  }

  /** A client's answer to a server's nonce. */
  static byte[] answer(byte[] seed, byte[] serverNonce, byte[] clientNonce) {
    byte[] answer = Arrays.copyOf(clientNonce, ANSWER);
    byte[] signature = Ed25519.sign(seed, concat(serverNonce, clientNonce));
    System.arraycopy(signature, 0, answer, Ed25519.KEY, Ed25519.SIGNATURE);
    return answer;
  }

  /** Whether it is the answer of who knows the password. */
  boolean verify(byte[] serverNonce, byte[] answer) {
    return answer.length == ANSWER
        && Ed25519.verify(
            publicKey,
            concat(serverNonce, Arrays.copyOf(answer, Ed25519.KEY)),
            Arrays.copyOfRange(answer, Ed25519.KEY, ANSWER));
  }

  /** What a client is told to sign with. Not to be changed. */
  byte[] parameters() {
    return parameters;
  }

  /** Whether it is the key of that password. */
  boolean accepts(byte[] password) {
    return Arrays.equals(publicKey, Ed25519.publicKey(seed(password, parameters)));
  }

  /** The binary form, of which certificates are proved. */
  byte[] binary() {
    return concat(parameters, publicKey);
  }

  /** The text for account tables. */
  String text() {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    byte[] salt = Arrays.copyOfRange(parameters, 2, PARAMETERS);
    byte[] text =
        concat(
            new byte[] {PBKDF2, (byte) ('0' + parameters[1]), ':'},
            concat(base64.encode(salt), concat(new byte[] {':'}, base64.encode(publicKey))));
    return new String(text, StandardCharsets.US_ASCII);
  }

  /** One behind the other. */
  static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
