package io.sluice.mysql.compression;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import io.sluice.mysql.wire.ProtocolException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Bodies packed with zlib. One for each thread and level: its tables take some 300 KB. */
final class ZlibBody implements FrameBody {

  private static final int LEVELS = 10;

  /** No stream of this method unpacks to more than some 1,032 times its size. */
  private static final int LARGEST_RATIO = 1_040;

  private static final FastThreadLocal<ZlibBody[]> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected ZlibBody[] initialValue() {
          return new ZlibBody[LEVELS];
        }

        @Override
        protected void onRemoval(ZlibBody[] bodies) {
          for (ZlibBody body : bodies) {
            if (body != null) {
              body.deflater.end();
              body.inflater.end();
            }
          }
        }
      };

  private final Deflater deflater;
  private final Inflater inflater = new Inflater();

  private ZlibBody(int level) {
    this.deflater = new Deflater(level);
  }

  static ZlibBody of(int level) {
    ZlibBody[] bodies = OF_THREAD.get();
    ZlibBody body = bodies[level];
    if (body == null) {
      body = new ZlibBody(level);
      bodies[level] = body;
    }
    return body;
  }

  @Override
  public boolean pack(ByteBuf in, int index, int length, ByteBuf out) {
    // One byte less than it is now: what does not fit does not help.
    int start = out.writerIndex();
    out.ensureWritable(length - 1);
    ByteBuffer space = out.internalNioBuffer(start, length - 1);
    deflater.reset();
    deflater.setInput(in.nioBuffer(index, length));
    deflater.finish();
    int size = deflater.deflate(space);
    if (!deflater.finished()) {
      return false;
    }
    out.writerIndex(start + size);
    return true;
  }

  @Override
  public void unpack(ByteBuf in, int index, int length, ByteBuf out, int size) {
    if (size / LARGEST_RATIO > length) {
      throw malformed(size, "of " + length + " bytes");
    }
    int start = out.writerIndex();
    out.ensureWritable(size);
    ByteBuffer space = out.internalNioBuffer(start, size);
    inflater.reset();
    inflater.setInput(in.nioBuffer(index, length));
    try {
      while (space.hasRemaining() && inflater.inflate(space) > 0) {
        // Until it is full or nothing more comes.
      }
      // The check sum stands behind the last byte.
      if (space.hasRemaining() || (!inflater.finished() && inflater.inflate(new byte[1]) > 0)) {
        throw malformed(size, "unpacked to another size");
      }
      if (!inflater.finished()) {
        throw malformed(size, "cut");
      }
    } catch (DataFormatException e) {
      throw malformed(size, String.valueOf(e.getMessage()));
    }
    out.writerIndex(start + size);
  }

  private static ProtocolException malformed(int size, String why) {
    return ProtocolException.malformed(
        "compressed frame: " + why + " (expected: zlib of " + size + " bytes)");
  }
}
