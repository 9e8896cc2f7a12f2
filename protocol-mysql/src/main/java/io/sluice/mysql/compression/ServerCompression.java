package io.sluice.mysql.compression;

import java.util.function.BooleanSupplier;

/**
 * Frames to and from a server. It wants each request, and each acknowledgement of a replica, to
 * begin with frame 0, and data for LOAD DATA with the frame after the one that asked for them. Its
 * own packets go on with the number of the last frame whenever it has sent what it had: here they
 * get the numbers that clients without compression expect. Confined to the event loop.
 */
public final class ServerCompression extends CompressionHandler {

  private static final int LAST_NUMBER = 255;

  private final BooleanSupplier answerBegins;
  private int lastFrameRead;
  private boolean frameRead;
  private boolean frameBegins;
  private int lastRead;
  private int lastWritten;
  private boolean turn;
  private boolean data;

  /**
   * For one connection.
   *
   * @param taken whether the other side can take what is read at the moment
   * @param answerBegins whether nothing was read yet of the answer that comes next
   */
  public ServerCompression(
      Compression compression, BooleanSupplier taken, BooleanSupplier answerBegins) {
    super(compression, taken);
    this.answerBegins = answerBegins;
  }

  @Override
  void onFrame(int number) {
    lastFrameRead = number;
    frameRead = true;
    frameBegins = true;
  }

  @Override
  int onPacketRead(int number, int length, boolean continuation) {
    boolean first = frameBegins && !continuation && answerBegins.getAsBoolean();
    frameBegins = false;
    if (first) {
      // More than 1 when the request took many frames, or many packets: those count without.
      lastRead = number <= 1 || data ? number : lastWritten + 1;
    } else {
      lastRead = (lastRead + 1) & 0xff;
    }
    return lastRead;
  }

  @Override
  void onWrite() {
    turn = true;
  }

  @Override
  void onPacketWritten(int number, boolean continuation) {
    if (turn && !continuation) {
      if (number == 0 && (lastWritten != LAST_NUMBER || frameRead)) {
        writer.next(0);
        data = false;
      } else {
        data = true;
        if (frameRead) {
          writer.next(lastFrameRead + 1);
        }
      }
      frameRead = false;
    }
    turn = false;
    lastWritten = number;
    if (data) {
      lastRead = number;
    }
  }

  @Override
  void onFramed() {
    turn = false;
  }
}
