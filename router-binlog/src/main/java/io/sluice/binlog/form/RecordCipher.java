package io.sluice.binlog.form;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals and opens the records of one file. Besides its content, a record's tag covers its own clear
 * beginning, the file's header and the last 20 bytes in front of it, that is the tag of the record
 * before: no record can be changed, removed, moved, or brought in from elsewhere. One thread.
 */
final class RecordCipher {
  /** Bytes in front of a record that its tag covers. */
  static final int CHAIN = RecordHead.TAG + RecordHead.LENGTH;

  private static final int NONCES = 64;

  private final SealedHeader header;
  private final Cipher cipher;
  private final SecureRandom random;
  private final byte[] covered = new byte[SealedHeader.SIZE + CHAIN + RecordHead.SIZE];
  private final byte[] nonces = new byte[NONCES * RecordHead.NONCE_BYTES];
  private int nextNonce = nonces.length;

  RecordCipher(SealedHeader header, SecureRandom random) {
    this.header = header;
    this.random = random;
    System.arraycopy(header.bytes(), 0, covered, 0, SealedHeader.SIZE);
    try {
      this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES/GCM is missing (expected: every Java has it)", e);
    }
  }

  /**
   * Seals a record.
   *
   * @param offset see {@link RecordHead}
   * @param plain bytes of content when it is clear and not compressed
   * @param content all that is left of it is taken
   * @param chain the last {@link #CHAIN} bytes of the file; afterwards those of the record
   * @param out little-endian
   */
  void seal(
      int type,
      int flags,
      long offset,
      int plain,
      ByteBuffer content,
      byte[] chain,
      ByteBuffer out) {
    int start = out.position();
    int stored = content.remaining();
    out.put((byte) type).put((byte) flags).putShort((short) 0).putInt(stored);
    out.putLong(offset).putInt(plain);
    if (nextNonce == nonces.length) {
      random.nextBytes(nonces);
      nextNonce = 0;
    }
    out.put(nonces, nextNonce, RecordHead.NONCE_BYTES);
    nextNonce += RecordHead.NONCE_BYTES;
    try {
      start(Cipher.ENCRYPT_MODE, out, start, chain);
      cipher.doFinal(content, out);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("record: cannot be sealed", e);
    }
    out.putInt(RecordHead.OVERHEAD + stored);
    out.get(out.position() - CHAIN, chain);
  }

  private void start(int mode, ByteBuffer record, int at, byte[] chain)
      throws GeneralSecurityException {
    System.arraycopy(chain, 0, covered, SealedHeader.SIZE, CHAIN);
    record.get(at, covered, SealedHeader.SIZE + CHAIN, RecordHead.SIZE);
    int nonceAt = SealedHeader.SIZE + CHAIN + RecordHead.NONCE;
    cipher.init(
        mode,
        header.key().secret(),
        new GCMParameterSpec(RecordHead.TAG * 8, covered, nonceAt, RecordHead.NONCE_BYTES));
    cipher.updateAAD(covered);
  }

  /**
   * Opens a record.
   *
   * @param in the whole record, and the {@link #CHAIN} bytes in front of it
   * @param at where the record begins
   * @param head its beginning
   * @param content has room for the content, if that is compressed for the compressed one
   * @return false if it is not what was sealed; what is in content then is worth nothing
   */
  boolean open(ByteBuffer in, int at, RecordHead head, ByteBuffer content) {
    int end = at + RecordHead.SIZE + head.stored + RecordHead.TAG;
    if (in.getInt(end) != head.total()) {
      return false;
    }
    byte[] chain = new byte[CHAIN];
    in.get(at - CHAIN, chain);
    ByteBuffer sealed = in.duplicate().position(at + RecordHead.SIZE).limit(end);
    try {
      start(Cipher.DECRYPT_MODE, in, at, chain);
      cipher.doFinal(sealed, content);
      return true;
    } catch (AEADBadTagException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("record: cannot be opened", e);
    }
  }
}
