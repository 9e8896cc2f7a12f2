package io.sluice.benchmarks.replica;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * One stream of a dump, of which only packet headers and the first byte of each packet are looked
 * at; sequence numbers must follow each other. Confined to one thread.
 */
final class NullReplica {
  private static final int MAX_PAYLOAD = 0xffffff;
  private static final int HEADER = 4;
  private static final int MAX_EOF = 9;
  private static final int EOF = 0xfe;
  private static final int ERR = 0xff;

  /** How a stream stands. */
  enum State {
    OPEN,
    /** The server says that its log is over. */
    EOF,
    /** The server sent an error. */
    ERROR,
    /** The connection ended without a word. */
    LOST
  }

  private final SocketChannel channel;
  private State state = State.OPEN;
  private int header;
  private int headerFill;
  private int left;
  private int length;
  private boolean begins;
  private boolean continues;
  private int sequence;
  private boolean first = true;
  private long bytes;
  private long packets;
  private long endedAt;

  NullReplica(SocketChannel channel) {
    this.channel = channel;
  }

  SocketChannel channel() {
    return channel;
  }

  State state() {
    return state;
  }

  /** All bytes of the stream, packet headers included. */
  long bytes() {
    return bytes;
  }

  /** Packets that begin an event. */
  long packets() {
    return packets;
  }

  /** When the stream ended, by {@link System#nanoTime}. */
  long endedAt() {
    return endedAt;
  }

  /** Reads what is there, once; the buffer is shared by all and empty between calls. */
  void read(ByteBuffer shared) throws IOException {
    shared.clear();
    int got = channel.read(shared);
    if (got < 0) {
      end(State.LOST);
      return;
    }
    shared.flip();
    bytes += got;
    walk(shared);
  }

  /** Takes bytes in little-endian order, from any place of the stream on. */
  void walk(ByteBuffer in) {
    int at = in.position();
    int limit = in.limit();
    while (at < limit && state == State.OPEN) {
      if (left > 0) {
        if (begins) {
          begin(in.get(at) & 0xff);
        }
        int part = Math.min(left, limit - at);
        at += part;
        left -= part;
      } else if (headerFill == 0 && limit - at >= HEADER) {
        header = in.getInt(at);
        at += HEADER;
        packet();
      } else {
        header = (headerFill == 0 ? 0 : header) | (in.get(at++) & 0xff) << (8 * headerFill);
        headerFill++;
        if (headerFill == HEADER) {
          packet();
        }
      }
    }
  }

  private void packet() {
    headerFill = 0;
    length = header & MAX_PAYLOAD;
    left = length;
    begins = !continues;
    continues = length == MAX_PAYLOAD;
    int number = header >>> 24;
    if (!first && number != ((sequence + 1) & 0xff)) {
      throw new IllegalStateException(
          "packet number: " + number + " (expected: " + ((sequence + 1) & 0xff) + ")");
    }
    first = false;
    sequence = number;
  }

  private void begin(int marker) {
    begins = false;
    if (marker == EOF && length < MAX_EOF) {
      end(State.EOF);
    } else if (marker == ERR) {
      end(State.ERROR);
    } else {
      packets++;
    }
  }

  private void end(State how) {
    state = how;
    endedAt = System.nanoTime();
  }
}
