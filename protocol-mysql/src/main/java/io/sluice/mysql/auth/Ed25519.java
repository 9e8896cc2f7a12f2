package io.sluice.mysql.auth;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;

/**
 * Ed25519 as MariaDB uses it for passwords: the secret comes from SHA-512 of a password of any
 * length, where the platform's own signatures know only seeds of 32 bytes; signatures are the usual
 * ones (RFC 8032), and the platform checks them. Stateless. Signing takes milliseconds: not for
 * event loops.
 */
final class Ed25519 {

  /** Bytes of a signature. */
  static final int SIGNATURE = 64;

  /** Bytes of a public key, and of what is signed. */
  static final int KEY = 32;

  private static final int SCALAR_BITS = 256;

  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
  private static final BigInteger ORDER =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
  private static final BigInteger D =
      BigInteger.valueOf(-121665).multiply(BigInteger.valueOf(121666).modInverse(P)).mod(P);
  private static final BigInteger BASE_Y =
      BigInteger.valueOf(4).multiply(BigInteger.valueOf(5).modInverse(P)).mod(P);
  private static final BigInteger BASE_X =
      new BigInteger(
          "15112221349535400772501151409588531511454012693041857206046113283949847762202");
  private static final Point BASE =
      new Point(BASE_X, BASE_Y, BigInteger.ONE, BASE_X.multiply(BASE_Y).mod(P));
  private static final Point NEUTRAL =
      new Point(BigInteger.ZERO, BigInteger.ONE, BigInteger.ONE, BigInteger.ZERO);

  private Ed25519() {}

  /** A point in extended coordinates: x = X/Z, y = Y/Z, t = xy. */
  private record Point(BigInteger x, BigInteger y, BigInteger z, BigInteger t) {

    /** The complete addition of the curve, which also doubles. */
    Point plus(Point other) {
      BigInteger a = y.subtract(x).multiply(other.y.subtract(other.x)).mod(P);
      BigInteger b = y.add(x).multiply(other.y.add(other.x)).mod(P);
      BigInteger c = t.multiply(BigInteger.TWO).multiply(D).multiply(other.t).mod(P);
      BigInteger d = z.multiply(BigInteger.TWO).multiply(other.z).mod(P);
      BigInteger e = b.subtract(a);
      BigInteger f = d.subtract(c);
      BigInteger g = d.add(c);
      BigInteger h = b.add(a);
      return new Point(
          e.multiply(f).mod(P), g.multiply(h).mod(P), f.multiply(g).mod(P), e.multiply(h).mod(P));
    }

    /** The same steps for each scalar: a ladder. */
    Point times(BigInteger scalar) {
      Point low = NEUTRAL;
      Point high = this;
      for (int bit = SCALAR_BITS - 1; bit >= 0; bit--) {
        boolean set = scalar.testBit(bit);
        Point sum = low.plus(high);
        Point twice = set ? high.plus(high) : low.plus(low);
        low = set ? sum : twice;
        high = set ? twice : sum;
      }
      return low;
    }

    byte[] encoded() {
      BigInteger inverse = z.modInverse(P);
      byte[] bytes = littleEndian(y.multiply(inverse).mod(P));
      if (x.multiply(inverse).mod(P).testBit(0)) {
        bytes[KEY - 1] |= (byte) 0x80;
      }
      return bytes;
    }
  }

  /** The public key of a password: what servers keep, in base 64 without padding. */
  static byte[] publicKey(byte[] password) {
    return BASE.times(secret(sha512(password))).encoded();
  }

  /** The answer to a nonce. */
  static byte[] sign(byte[] password, byte[] message) {
    byte[] expanded = sha512(password);
    BigInteger secret = secret(expanded);
    BigInteger random =
        number(sha512(Arrays.copyOfRange(expanded, KEY, expanded.length), message)).mod(ORDER);
    byte[] commitment = BASE.times(random).encoded();
    byte[] key = BASE.times(secret).encoded();
    BigInteger challenge = number(sha512(commitment, key, message)).mod(ORDER);
    byte[] answer = littleEndian(challenge.multiply(secret).add(random).mod(ORDER));
    byte[] signature = Arrays.copyOf(commitment, SIGNATURE);
    System.arraycopy(answer, 0, signature, KEY, KEY);
    return signature;
  }

  /** Whether it is the answer of who knows the password of that public key. */
  static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
    if (signature.length != SIGNATURE || publicKey.length != KEY) {
      return false;
    }
    try {
      byte[] y = publicKey.clone();
      boolean odd = (y[KEY - 1] & 0x80) != 0;
      y[KEY - 1] &= 0x7f;
      PublicKey key =
          KeyFactory.getInstance("Ed25519")
              .generatePublic(
                  new EdECPublicKeySpec(NamedParameterSpec.ED25519, new EdECPoint(odd, number(y))));
      Signature check = Signature.getInstance("Ed25519");
      check.initVerify(key);
      check.update(message);
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static BigInteger secret(byte[] expanded) {
    byte[] half = Arrays.copyOf(expanded, KEY);
    half[0] &= (byte) 0xf8;
    half[KEY - 1] &= 0x7f;
    half[KEY - 1] |= 0x40;
    return number(half);
  }

  private static BigInteger number(byte[] littleEndian) {
    byte[] turned = new byte[littleEndian.length];
    for (int i = 0; i < turned.length; i++) {
      turned[i] = littleEndian[littleEndian.length - 1 - i];
    }
    return new BigInteger(1, turned);
  }

  private static byte[] littleEndian(BigInteger value) {
    byte[] big = value.toByteArray();
    byte[] little = new byte[KEY];
    for (int i = 0; i < big.length && i < KEY; i++) {
      little[i] = big[big.length - 1 - i];
    }
    return little;
  }

  private static byte[] sha512(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-512");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-512", e);
    }
  }
}
