package io.sluice.binlog.form;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A small file that is sealed as a whole: a {@link SealedHeader} and one BLOB record. Its key is
 * made for the name of the file, so that it cannot be taken for another. Any thread.
 */
public final class SealedBlob {
  private static final String PURPOSE = "sluice blob ";

  private final KeyRing keys;
  private final long keyId;
  private final SecureRandom random = new SecureRandom();

  /**
   * Seals under one key, opens what was sealed under any of a ring.
   *
   * @param keyId 0 to leave clear what is written
   */
  public SealedBlob(KeyRing keys, long keyId) {
    this.keys = keys;
    this.keyId = keyId;
  }

  /** Tells whether bytes are sealed. */
  public static boolean isSealed(byte[] bytes) {
    return SealedHeader.hasMagic(bytes);
  }

  /** Id of the key that bytes are sealed with, by what they begin with; 0 if they are clear. */
  public static long keyIdOf(byte[] bytes) {
    return bytes.length >= SealedHeader.SIZE && isSealed(bytes) ? SealedHeader.keyId(bytes) : 0;
  }

  /** Tells whether what is written is sealed. */
  public boolean seals() {
    return keyId != 0;
  }

  /**
   * Tells whether bytes are sealed under another key than the one for what is written, or clear.
   */
  public boolean isOutdated(byte[] bytes) {
    return keyId != 0 && keyIdOf(bytes) != keyId;
  }

  /** Bytes as they are to be written to a file. */
  public byte[] seal(Path file, byte[] clear) throws MissingKeyException {
    if (keyId == 0) {
      return clear;
    }
    SealedHeader header = SealedHeader.create(keys, keyId, purpose(file), random, file);
    ByteBuffer out =
        ByteBuffer.allocate(SealedHeader.SIZE + RecordHead.OVERHEAD + clear.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(header.bytes());
    new RecordCipher(header, random)
        .seal(RecordHead.BLOB, 0, 0, clear.length, ByteBuffer.wrap(clear), chain(header), out);
    return out.array();
  }

  private static byte[] chain(SealedHeader header) {
    return Arrays.copyOfRange(
        header.bytes(), SealedHeader.SIZE - RecordCipher.CHAIN, SealedHeader.SIZE);
  }

  private static String purpose(Path file) {
    return PURPOSE + file.getFileName();
  }

  /**
   * Bytes of a file as they were before they were written; what is not sealed is given back as it
   * is.
   *
   * @throws MissingKeyException if the key is not there
   * @throws DamagedFileException if they are not what was written
   */
  public byte[] open(Path file, byte[] bytes) throws MissingKeyException, DamagedFileException {
    if (!isSealed(bytes)) {
      return bytes;
    }
    SealedHeader header = SealedHeader.open(keys, bytes, purpose(file), file);
    byte[] clear = content(header, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    if (clear == null) {
      throw new DamagedFileException(file, "its content is not what was written");
    }
    return clear;
  }

  private byte @Nullable [] content(SealedHeader header, ByteBuffer in) {
    RecordHead head = new RecordHead();
    int at = SealedHeader.SIZE;
    if (in.limit() < at + RecordHead.OVERHEAD
        || !head.parse(in, at)
        || head.type != RecordHead.BLOB
        || head.compressed()
        || in.limit() != at + head.total()) {
      return null;
    }
    ByteBuffer clear = ByteBuffer.allocate(head.stored);
    return new RecordCipher(header, random).open(in, at, head, clear) ? clear.array() : null;
  }
}
