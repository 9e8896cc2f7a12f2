package io.sluice.mysql.auth;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * SHA-256 crypt as MySQL uses it for stored verifiers: the well-known algorithm, but with a salt of
 * twenty arbitrary bytes where the C library takes at most sixteen printable ones.
 */
final class Sha256Crypt {

  private static final String ALPHABET =
      "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int DIGEST = 32;
  private static final int TRIPLES = 10;
  private static final int SIX_BITS = 0x3f;

  private Sha256Crypt() {}

  /** The digest in its own base 64: 43 ASCII bytes. Takes milliseconds: not for event loops. */
  static byte[] hash(byte[] password, byte[] salt, int rounds) {
    byte[] sum = firstSum(password, salt);
    byte[] p = repeat(Scramble.sha256(times(password, password.length)), password.length);
    byte[] s = repeat(Scramble.sha256(times(salt, 16 + (sum[0] & 0xff))), salt.length);
    byte[] none = new byte[0];
    for (int round = 0; round < rounds; round++) {
      boolean odd = (round & 1) == 1;
      sum =
          Scramble.sha256(
              odd ? p : sum, round % 3 != 0 ? s : none, round % 7 != 0 ? p : none, odd ? sum : p);
    }
    return encode(sum);
  }

  private static byte[] firstSum(byte[] password, byte[] salt) {
    byte[] alternate = Scramble.sha256(password, salt, password);
    ByteArrayOutputStream start = new ByteArrayOutputStream();
    start.writeBytes(password);
    start.writeBytes(salt);
    start.writeBytes(repeat(alternate, password.length));
    for (int bits = password.length; bits > 0; bits >>= 1) {
      start.writeBytes((bits & 1) == 1 ? alternate : password);
    }
    return Scramble.sha256(start.toByteArray());
  }

  private static byte[] times(byte[] text, int count) {
    return repeat(text, text.length * count);
  }

  /** The pattern again and again until the length is reached. */
  private static byte[] repeat(byte[] pattern, int length) {
    byte[] result = new byte[length];
    for (int i = 0; i < length; i++) {
      result[i] = pattern[i % pattern.length];
    }
    return result;
  }

  private static byte[] encode(byte[] sum) {
    StringBuilder text = new StringBuilder();
    int a = 0;
    int b = TRIPLES;
    int c = 2 * TRIPLES;
    for (int i = 0; i < TRIPLES; i++) {
      append(text, (sum[a] & 0xff) << 16 | (sum[b] & 0xff) << 8 | (sum[c] & 0xff), 4);
      // The next triple: all three move on by one and change places.
      int first = a;
      a = (c + 1) % (3 * TRIPLES);
      c = (b + 1) % (3 * TRIPLES);
      b = (first + 1) % (3 * TRIPLES);
    }
    append(text, (sum[DIGEST - 1] & 0xff) << 8 | (sum[DIGEST - 2] & 0xff), 3);
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static void append(StringBuilder text, int value, int characters) {
    int rest = value;
    for (int i = 0; i < characters; i++) {
      text.append(ALPHABET.charAt(rest & SIX_BITS));
      rest >>>= 6;
    }
  }

  /** A stored verifier taken apart. */
  static final class Stored {

    private static final int THOUSAND = 1000;
    private static final int SALT = 20;
    private static final int SALT_AT = 7;
    private static final int CRYPT_SALT_AT = 3;
    private static final int CRYPT_ROUNDS = 5000;
    private static final int HASH = 43;

    private final int rounds;
    private final byte[] salt;
    private final byte[] digest;

    private Stored(int rounds, byte[] salt, byte[] digest) {
      this.rounds = rounds;
      this.salt = salt;
      this.digest = digest;
    }

    int rounds() {
      return rounds;
    }

    /** Compares in constant time. Takes milliseconds. */
    boolean accepts(byte[] password) {
      return MessageDigest.isEqual(digest, hash(password, salt, rounds));
    }

    /**
     * Reads {@code $A$005$} + 20 bytes of salt + 43 characters, where the number is the thousands
     * of rounds in hexadecimal (MySQL 9.7 writes {@code 00A}), or {@code $5$} + 20 bytes of salt +
     * {@code $} + 43 characters, which stands for 5000 rounds. The bytes are those of the column,
     * which is UTF-8.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    static Stored parse(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      if (text.startsWith("$5$")) {
        return of(bytes, CRYPT_SALT_AT, CRYPT_SALT_AT + SALT + 1, CRYPT_ROUNDS);
      }
      if (!text.startsWith("$A$") || bytes.length < SALT_AT || bytes[SALT_AT - 1] != '$') {
        throw new IllegalArgumentException("verifier: not of the form $A$nnn$salt+hash");
      }
      int thousands = Integer.parseInt(text.substring(3, SALT_AT - 1), 16);
      if (thousands <= 0) {
        throw new IllegalArgumentException("verifier: no rounds");
      }
      return of(bytes, SALT_AT, SALT_AT + SALT, thousands * THOUSAND);
    }

    private static Stored of(byte[] text, int saltAt, int digestAt, int rounds) {
      if (text.length != digestAt + HASH
          || (digestAt != saltAt + SALT && text[digestAt - 1] != '$')) {
        throw new IllegalArgumentException("verifier: " + text.length + " bytes");
      }
      return new Stored(
          rounds,
          Arrays.copyOfRange(text, saltAt, saltAt + SALT),
          Arrays.copyOfRange(text, digestAt, text.length));
    }
  }
}
