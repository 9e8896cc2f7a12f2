package io.sluice.benchmarks.replica;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * One stream of a dump, of which only packet headers and the first byte of each packet are looked
 * at; sequence numbers must follow each other. Confined to one thread, except for the counters.
 */
final class NullReplica {
  private static final int MAX_PAYLOAD = 0xffffff;
  private static final int HEADER = 4;
  private static final int MAX_EOF = 9;
  private static final int EOF = 0xfe;
  private static final int ERR = 0xff;

  /** The marker and the number, before state and message. */
  private static final int ERROR_CODE = 3;

  /** How a stream stands. */
  enum State {
    OPEN,
    /** The server says that its log is over. */
    EOF,
    /** We have what we wanted. */
    ENOUGH,
    /** The server sent an error. */
    ERROR,
    /** The connection ended without a word. */
    LOST
  }

  private final SocketChannel channel;
  private State state = State.OPEN;
  private String error = "";
  private int header;
  private int headerFill;
  private int left;
  private int length;
  private boolean begins;
  private boolean continues;
  private int sequence = -1;
  private long events;
  private long limit = Long.MAX_VALUE;
  private volatile long bytes;
  private volatile long packets;
  private long endedAt;

  NullReplica(SocketChannel channel) {
    this.channel = channel;
  }

  SocketChannel channel() {
    return channel;
  }

  /** The stream is over after so many bytes. */
  void limit(long newLimit) {
    limit = newLimit;
  }

  State state() {
    return state;
  }

  /** What the server said with {@link State#ERROR}. */
  String error() {
    return error;
  }

  /** All bytes of the stream, packet headers included. Any thread. */
  long bytes() {
    return bytes;
  }

  /** Packets that begin an event. Any thread. */
  long packets() {
    return packets;
  }

  /** When the stream ended, by {@link System#nanoTime}. */
  long endedAt() {
    return endedAt;
  }

  /** Reads what is there, once; the buffer is shared by all and empty between calls. */
  int read(ByteBuffer shared) {
    shared.clear();
    int got;
    try {
      got = channel.read(shared);
    } catch (IOException e) {
      got = -1;
    }
    if (got < 0) {
      end(State.LOST);
      return 0;
    }
    shared.flip();
    walk(shared);
    long all = bytes + got;
    bytes = all;
    packets = events;
    if (all >= limit && state == State.OPEN) {
      end(State.ENOUGH);
    }
    return got;
  }

  /** Takes bytes in little-endian order, from any place of the stream on. */
  void walk(ByteBuffer in) {
    int at = in.position();
    int limitOfBuffer = in.limit();
    while (at < limitOfBuffer && state == State.OPEN) {
      if (left > 0) {
        if (begins) {
          begin(in.get(at) & 0xff);
          if (state == State.ERROR) {
            error = text(in, at, Math.min(left, limitOfBuffer - at));
          }
        }
        int part = Math.min(left, limitOfBuffer - at);
        at += part;
        left -= part;
      } else if (headerFill == 0 && limitOfBuffer - at >= HEADER) {
        at = wholePackets(in, at, limitOfBuffer);
        if (state == State.OPEN && limitOfBuffer - at >= HEADER) {
          header = in.getInt(at);
          at += HEADER;
          packet();
        }
      } else {
        header = (headerFill == 0 ? 0 : header) | (in.get(at++) & 0xff) << (8 * headerFill);
        headerFill++;
        if (headerFill == HEADER) {
          packet();
        }
      }
    }
  }

  /** The fast way: packets that are there as a whole and are events of one packet each. */
  private int wholePackets(ByteBuffer in, int from, int limitOfBuffer) {
    if (continues) {
      return from;
    }
    int at = from;
    int number = sequence;
    long count = 0;
    while (limitOfBuffer - at > HEADER) {
      int next = in.getInt(at);
      int size = next & MAX_PAYLOAD;
      // Only the marker 0 begins an event; an empty payload does not fit here either.
      if (size >= limitOfBuffer - at - HEADER || size == 0 || in.get(at + HEADER) != 0) {
        break;
      }
      number = following(number, next >>> 24);
      at += HEADER + size;
      count++;
    }
    sequence = number;
    events += count;
    return at;
  }

  /** As much of an error as came with its beginning: nothing is read behind it. */
  private static String text(ByteBuffer in, int at, int length) {
    byte[] bytes = new byte[Math.max(0, length - ERROR_CODE)];
    in.get(at + length - bytes.length, bytes);
    return new String(bytes, UTF_8);
  }

  private static int following(int before, int number) {
    if (before >= 0 && number != ((before + 1) & 0xff)) {
      throw new IllegalStateException(
          "packet number: " + number + " (expected: " + ((before + 1) & 0xff) + ")");
    }
    return number;
  }

  private void packet() {
    headerFill = 0;
    length = header & MAX_PAYLOAD;
    left = length;
    begins = !continues;
    continues = length == MAX_PAYLOAD;
    sequence = following(sequence, header >>> 24);
  }

  private void begin(int marker) {
    begins = false;
    if (marker == EOF && length < MAX_EOF) {
      end(State.EOF);
    } else if (marker == ERR) {
      end(State.ERROR);
    } else {
      events++;
    }
  }

  private void end(State how) {
    state = how;
    endedAt = System.nanoTime();
  }
}
