package io.sluice.mysql.compression;

import java.util.function.BooleanSupplier;

/**
 * Frames to and from a client, which checks the numbers of frames and not those of packets: its own
 * may all be 0. The first frame of an answer follows the last one of its request; the client's data
 * for LOAD DATA follow the frame that asked for them. Confined to the event loop.
 */
public final class ClientCompression extends CompressionHandler {

  /** The first bytes of each event for a replica that acknowledges. */
  private static final byte SEMI_SYNC = (byte) 0xef;

  private int lastFrameRead;
  private boolean frameRead;
  private int lastRead;
  private int lastWritten;
  private boolean wasWritten;
  private boolean data;
  private boolean asking;
  private int beforeData;
  private boolean login;
  private boolean dataRead;
  private boolean answering;
  private boolean fresh = true;
  private boolean turn;
  private boolean dump;
  private boolean firstEvent;
  private boolean semiSync;
  private boolean wantsAcknowledgement;
  private boolean restart;

  /**
   * For one client.
   *
   * @param taken whether the other side can take what is read at the moment
   */
  public ClientCompression(Compression compression, BooleanSupplier taken) {
    super(compression, taken);
  }

  /**
   * The answer to a request is about to be written.
   *
   * @param toDump whether events follow without an end
   */
  public void answerBegins(boolean toDump) {
    answering = true;
    fresh = true;
    dump = toDump;
    firstEvent = toDump;
    semiSync = false;
  }

  /**
   * The answer asks for data: what is read next belongs to it, up to an empty packet. Call it
   * before the question is written.
   */
  public void dataBegins() {
    data = true;
    asking = true;
  }

  /** The client's next packets belong to a login, not to a request of their own. */
  public void loginBegins() {
    login = true;
  }

  /** The login is over. */
  public void loginEnds() {
    login = false;
  }

  /** The answer is written. */
  public void answerEnds() {
    answering = false;
    dump = false;
  }

  @Override
  void onFrame(int number) {
    if (data) {
      // The answer may end while data are under way. A client that has seen that may go on with
      // another request instead, which begins with 0; only behind the last number data do too.
      data = answering || number != 0 || beforeData == FrameWriter.LAST;
      asking = false;
      beforeData = number;
    }
    lastFrameRead = number;
    frameRead = true;
  }

  @Override
  int onPacketRead(int number, int length, boolean continuation) {
    if (continuation) {
      lastRead++;
    } else if (data || login) {
      lastRead = (wasWritten ? lastWritten : lastRead) + 1;
      data = data && length > 0;
      dataRead = true;
    } else {
      lastRead = 0;
    }
    wasWritten = false;
    return lastRead;
  }

  @Override
  void onWrite() {
    turn = true;
  }

  @Override
  void onPacketWritten(int number, boolean continuation) {
    if (turn) {
      turn = false;
      take(number);
    }
    lastWritten = number;
    wasWritten = true;
  }

  /** Whose turn it was decides about the number of the next frame. */
  private void take(int number) {
    boolean begins = answering ? fresh || dataRead : frameRead || number <= 1;
    if (begins) {
      // A client that did not wait for earlier answers has begun each of its requests with 0.
      writer.next(frameRead ? lastFrameRead + 1 : 1);
      frameRead = false;
      dataRead = false;
      fresh = false;
    }
  }

  @Override
  void onHeadWritten(int offset, byte value) {
    if (firstEvent && offset == 1) {
      // Without it this is a byte of the time, which the first event, made up, does not have.
      semiSync = value == SEMI_SYNC;
    } else if (semiSync && offset == 2) {
      wantsAcknowledgement = value != 0;
    }
  }

  @Override
  boolean onPayloadWritten() {
    firstEvent = false;
    restart = dump && wantsAcknowledgement;
    wantsAcknowledgement = false;
    return !restart;
  }

  @Override
  void onFramed() {
    turn = false;
    if (asking) {
      asking = false;
      beforeData = writer.last();
    }
    if (restart) {
      restart = false;
      // As a server does when it has asked a replica for an acknowledgement.
      writer.next(1);
    }
  }
}
