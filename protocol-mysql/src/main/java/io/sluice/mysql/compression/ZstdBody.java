package io.sluice.mysql.compression;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import io.sluice.mysql.wire.ProtocolException;
import java.nio.ByteBuffer;

/** Bodies packed with zstd, whose library is native code. One for each thread and level. */
final class ZstdBody implements FrameBody {

  private static final int LEVELS = 23;

  private static final FastThreadLocal<ZstdBody[]> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected ZstdBody[] initialValue() {
          return new ZstdBody[LEVELS];
        }

        @Override
        protected void onRemoval(ZstdBody[] bodies) {
          for (ZstdBody body : bodies) {
            if (body != null) {
              body.packer.close();
              body.unpacker.close();
            }
          }
        }
      };

  private final ZstdCompressCtx packer = new ZstdCompressCtx();
  private final ZstdDecompressCtx unpacker = new ZstdDecompressCtx();

  private ZstdBody(int level) {
    packer.setLevel(level);
  }

  static ZstdBody of(int level) {
    ZstdBody[] bodies = OF_THREAD.get();
    ZstdBody body = bodies[level];
    if (body == null) {
      body = new ZstdBody(level);
      bodies[level] = body;
    }
    return body;
  }

  @Override
  public boolean pack(ByteBuf in, int index, int length, ByteBuf out) {
    ByteBuf source = direct(in, index, length);
    try {
      int start = out.writerIndex();
      int bound = (int) Zstd.compressBound(length);
      out.ensureWritable(bound);
      int size =
          packer.compress(
              out.nioBuffer(start, bound), source.nioBuffer(source.readerIndex(), length));
      if (size >= length) {
        return false;
      }
      out.writerIndex(start + size);
      return true;
    } finally {
      source.release();
    }
  }

  @Override
  public void unpack(ByteBuf in, int index, int length, ByteBuf out, int size) {
    ByteBuf source = direct(in, index, length);
    try {
      int start = out.writerIndex();
      out.ensureWritable(size);
      ByteBuffer space = out.nioBuffer(start, size);
      int unpacked = unpacker.decompress(space, source.nioBuffer(source.readerIndex(), length));
      if (unpacked != size) {
        throw malformed(size, "unpacked to another size");
      }
      out.writerIndex(start + size);
    } catch (ZstdException e) {
      throw malformed(size, String.valueOf(e.getMessage()));
    } finally {
      source.release();
    }
  }

  /** The bytes in one piece outside the heap, as the library takes them; to be released. */
  private static ByteBuf direct(ByteBuf in, int index, int length) {
    if (in.isDirect() && in.nioBufferCount() == 1) {
      return in.retainedSlice(index, length);
    }
    return in.alloc().directBuffer(length).writeBytes(in, index, length);
  }

  private static ProtocolException malformed(int size, String why) {
    return ProtocolException.malformed(
        "compressed frame: " + why + " (expected: zstd of " + size + " bytes)");
  }
}
