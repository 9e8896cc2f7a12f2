package io.sluice.binlog.master;

import io.netty.buffer.ByteBuf;

/**
 * Splits the raw bytes of a dump into what the packets carry: the framing of reference §3.1. Works
 * across reads without copying; a payload of 16 MiB − 1 or more goes on in packets without a first
 * byte of its own. Confined to one loop.
 */
final class PacketReader {
  private static final int MAX_PAYLOAD = 0xffffff;
  private static final int OK = 0x00;
  private static final int EOF = 0xfe;
  private static final int ERR = 0xff;
  private static final int MAX_EOF = 9;

  /** Who gets the parts. */
  interface Sink {
    /** The event that comes waits for an acknowledgement. */
    default void onAckWanted() {}

    /** Some bytes of an event: the next {@code length} readable bytes; the sink reads them. */
    void onEventBytes(ByteBuf chunk, int length);

    /** The event that came is complete. */
    void onEventEnd();

    /** Some bytes of an error packet behind its first byte; the sink reads them. */
    void onErrorBytes(ByteBuf chunk, int length);

    /** The error packet is complete. */
    void onErrorEnd();

    /** The master ended the stream. */
    void onEof();

    /** No packet of a dump looks like this. */
    void onGarbage(String what);
  }

  private enum Kind {
    NONE,
    EVENT,
    ERROR,
    EOF
  }

  private static final int SEMI_SYNC = 0xef;
  private static final int SEMI_SYNC_BYTES = 2;

  private final Sink sink;
  private final boolean semiSync;
  private int semiSyncLeft;
  private Kind kind = Kind.NONE;
  private int headerFill;
  private int header;
  private int packetLength;
  private int left;
  private boolean continues;
  private boolean stopped;

  /**
   * Begins.
   *
   * @param semiSync whether each event has a header that tells if it waits for an acknowledgement
   */
  PacketReader(Sink sink, boolean semiSync) {
    this.sink = sink;
    this.semiSync = semiSync;
  }

  /** Nothing more is told. */
  void stop() {
    stopped = true;
  }

  /** Reads all of a chunk; does not release it. */
  void feed(ByteBuf chunk) {
    while (!stopped && chunk.isReadable()) {
      if (headerFill < 4) {
        readHeader(chunk);
      } else if (kind == Kind.NONE) {
        readMarker(chunk);
      } else if (semiSyncLeft > 0) {
        readSemiSync(chunk);
      } else {
        readBody(chunk);
      }
    }
  }

  private void readHeader(ByteBuf chunk) {
    if (headerFill == 0 && chunk.readableBytes() >= 4) {
      header = chunk.readIntLE();
      headerFill = 4;
    } else {
      int shift = headerFill * 8;
      header = (headerFill == 0 ? 0 : header) | (chunk.readByte() & 0xff) << shift;
      headerFill++;
    }
    if (headerFill < 4) {
      return;
    }
    packetLength = header & MAX_PAYLOAD;
    left = packetLength;
    if (left == 0) {
      if (!continues) {
        garbage("an empty packet");
        return;
      }
      endPacket();
    }
  }

  private void readMarker(ByteBuf chunk) {
    int marker = chunk.readByte() & 0xff;
    left--;
    if (marker == OK) {
      kind = Kind.EVENT;
      semiSyncLeft = semiSync ? SEMI_SYNC_BYTES : 0;
    } else if (marker == ERR) {
      kind = Kind.ERROR;
    } else if (marker == EOF && packetLength < MAX_EOF) {
      kind = Kind.EOF;
    } else {
      garbage("a packet that begins with byte " + marker);
      return;
    }
    if (left == 0) {
      endPacket();
    }
  }

  private void readSemiSync(ByteBuf chunk) {
    int value = chunk.readByte() & 0xff;
    left--;
    semiSyncLeft--;
    if (semiSyncLeft == 1 && value != SEMI_SYNC) {
      garbage("a packet without the header of semi-sync");
    } else if (semiSyncLeft == 0 && value == 1) {
      sink.onAckWanted();
    }
    if (left == 0 && !stopped) {
      endPacket();
    }
  }

  private void readBody(ByteBuf chunk) {
    int length = Math.min(left, chunk.readableBytes());
    int end = chunk.readerIndex() + length;
    left -= length;
    if (kind == Kind.EVENT) {
      sink.onEventBytes(chunk, length);
    } else if (kind == Kind.ERROR) {
      sink.onErrorBytes(chunk, length);
    }
    chunk.readerIndex(end);
    if (left == 0 && !stopped) {
      endPacket();
    }
  }

  private void endPacket() {
    headerFill = 0;
    continues = packetLength == MAX_PAYLOAD;
    if (continues) {
      return;
    }
    Kind done = kind;
    kind = Kind.NONE;
    switch (done) {
      case EVENT -> sink.onEventEnd();
      case ERROR -> sink.onErrorEnd();
      case EOF -> sink.onEof();
      case NONE -> garbage("a packet without content");
    }
  }

  private void garbage(String what) {
    stopped = true;
    sink.onGarbage(what);
  }
}
