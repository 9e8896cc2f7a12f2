package io.sluice.binlog.form;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;

/**
 * The first 64 bytes of a sealed file, numbers little-endian.
 *
 * <pre>
 *  0   8  magic "SLUICENC"
 *  8   1  version, 1
 *  9   1  cipher, 1: AES-256 in GCM, tags of 128 bits
 * 10   2  zero
 * 12   4  id of the key in the key file
 * 16  32  random salt
 * 48  16  first half of HMAC-SHA-256 of bytes 0 to 47 under the file's key
 * </pre>
 *
 * The file's key is HMAC-SHA-256 under the key of the key file over purpose, a zero byte and salt.
 */
final class SealedHeader {
  static final int SIZE = 64;
  private static final byte[] MAGIC = {'S', 'L', 'U', 'I', 'C', 'E', 'N', 'C'};
  private static final int VERSION = 1;
  private static final int AES_GCM = 1;
  private static final int KEY_ID = 12;
  private static final int SALT = 16;
  private static final int SALT_BYTES = 32;
  private static final int CHECK = 48;

  private final byte[] bytes;
  private final FileKey key;

  private SealedHeader(byte[] bytes, FileKey key) {
    this.bytes = bytes;
    this.key = key;
  }

  /**
   * Makes the header of a new file.
   *
   * @throws MissingKeyException if there is no such key
   */
  static SealedHeader create(
      KeyRing keys, long keyId, String purpose, SecureRandom random, Path file)
      throws MissingKeyException {
    ByteBuffer header = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).put((byte) VERSION).put((byte) AES_GCM).putShort((short) 0);
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    header.putInt((int) keyId).put(salt);
    FileKey key = FileKey.derive(master(keys, keyId, file), purpose, salt);
    header.put(key.check(header.array(), CHECK), 0, SIZE - CHECK);
    return new SealedHeader(header.array(), key);
  }

  /** Tells whether bytes begin as a sealed file does. */
  static boolean hasMagic(byte[] head) {
    return head.length >= MAGIC.length
        && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /**
   * Understands the header of a file.
   *
   * @throws MissingKeyException if the key is missing, or is not that of the file
   * @throws DamagedFileException if it is none
   */
  static SealedHeader open(KeyRing keys, byte[] bytes, String purpose, Path file)
      throws MissingKeyException, DamagedFileException {
    if (bytes.length < SIZE || !hasMagic(bytes)) {
      throw new DamagedFileException(file, "no header (expected: SLUICENC at its beginning)");
    }
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (header.get(MAGIC.length) != VERSION
        || header.get(MAGIC.length + 1) != AES_GCM
        || header.getShort(MAGIC.length + 2) != 0) {
      throw new DamagedFileException(
          file, "unknown version or cipher (expected: version 1, cipher 1)");
    }
    long keyId = keyId(bytes);
    byte[] salt = Arrays.copyOfRange(bytes, SALT, SALT + SALT_BYTES);
    FileKey key = FileKey.derive(master(keys, keyId, file), purpose, salt);
    byte[] check = Arrays.copyOf(key.check(bytes, CHECK), SIZE - CHECK);
    if (!MessageDigest.isEqual(check, Arrays.copyOfRange(bytes, CHECK, SIZE))) {
      throw new MissingKeyException(
          "file: "
              + file
              + " was not sealed with the key "
              + keyId
              + " that is known, or its header is damaged ("
              + keys.source()
              + ")");
    }
    return new SealedHeader(Arrays.copyOf(bytes, SIZE), key);
  }

  private static SecretKeySpec master(KeyRing keys, long keyId, Path file)
      throws MissingKeyException {
    SecretKeySpec master = keys.find(keyId);
    if (master == null) {
      throw new MissingKeyException(
          "file: " + file + " needs the key " + keyId + " (" + keys.source() + " has no such key)");
    }
    return master;
  }

  /** All bytes; nobody changes them. */
  byte[] bytes() {
    return bytes;
  }

  FileKey key() {
    return key;
  }

  /** Tells this file from all others, also under another name. */
  ByteBuffer identity() {
    return ByteBuffer.wrap(bytes, SALT, SALT_BYTES).slice().asReadOnlyBuffer();
  }

  /** Id of the key that a file was sealed with. */
  static long keyId(byte[] bytes) {
    return Integer.toUnsignedLong(
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(KEY_ID));
  }
}
