package io.sluice.binlog.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledUnsafeDirectByteBuf;
import io.netty.util.internal.PlatformDependent;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The memory that a stream is gathered in. The same buffer is what the writer writes from and what
 * replicas at the end of the log are served from: nothing is copied on the way. A buffer is filled
 * from front to back by one thread; what was given to {@link BinlogWriter#append} as a slice is not
 * touched by it any more.
 *
 * <p>Buffers that everybody has let go of come back: fresh memory costs more than all that is done
 * with the bytes in it. A buffer that comes back is a new object each time, so whoever still uses
 * the old one fails instead of seeing what others wrote. Any thread.
 */
public final class IntakeMemory {
  /** Bytes of a buffer. */
  public static final int SIZE = 1 << 20;

  private static final int MAX_FREE = 16;

  private final ByteBufAllocator alloc;
  private final Deque<ByteBuf> free = new ArrayDeque<>();
  private boolean closed;

  /** Takes its memory from an allocator. */
  public IntakeMemory(ByteBufAllocator alloc) {
    this.alloc = alloc;
  }

  /**
   * Takes an empty buffer, which does not grow.
   *
   * @return owned by the caller
   */
  public ByteBuf take() {
    ByteBuf memory = poll();
    if (memory == null) {
      memory = alloc.directBuffer(SIZE, SIZE);
    }
    // Without addresses nobody can tell where in a buffer a slice stands: then slices are copied.
    return PlatformDependent.hasUnsafe() ? new Buffer(this, memory) : memory;
  }

  private synchronized @Nullable ByteBuf poll() {
    return free.pollLast();
  }

  private void giveBack(ByteBuf memory) {
    synchronized (this) {
      if (!closed && free.size() < MAX_FREE) {
        free.add(memory);
        return;
      }
    }
    memory.release();
  }

  /** Nothing is kept any more; what is still in use is freed when it comes back. */
  public synchronized void close() {
    closed = true;
    free.forEach(ByteBuf::release);
    free.clear();
  }

  /** A view of a piece of memory; gives it back when it is let go of. */
  static final class Buffer extends UnpooledUnsafeDirectByteBuf {
    private final IntakeMemory home;
    private final ByteBuf memory;

    private Buffer(IntakeMemory home, ByteBuf memory) {
      super(ByteBufAllocator.DEFAULT, memory.nioBuffer(0, SIZE), SIZE);
      this.home = home;
      this.memory = memory;
      clear();
    }

    /** The buffer that a slice was cut from; null if it is not one of these. */
    static @Nullable Buffer of(ByteBuf slice) {
      return slice.unwrap() instanceof Buffer whole ? whole : null;
    }

    @SuppressWarnings("ReferenceEquality") // the same memory, not equal bytes
    boolean is(@Nullable Buffer other) {
      return this == other;
    }

    /** Where the first readable byte of a slice stands in this buffer. */
    int indexOf(ByteBuf slice) {
      return (int) (slice.memoryAddress() + slice.readerIndex() - memoryAddress());
    }

    @Override
    protected void deallocate() {
      super.deallocate();
      home.giveBack(memory);
    }
  }
}
