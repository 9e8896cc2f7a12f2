package io.sluice.binlog.disk;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Asks the operating system which pages of a file it has in memory: {@code mincore(2)} on a mapping
 * whose memory nobody touches, and which is taken away again at once. Linux answers truthfully to
 * who owns the file or may write to it; to others it says that all is there, so only files of one's
 * own may be asked for. A file system with a cache of its own (ZFS) has nothing in memory by this.
 * Any thread; waits for no device.
 */
final class ResidentPages {
  /** Takes a mapping away; null if this Java runtime cannot before a collection of garbage. */
  private static final @Nullable MethodHandle UNMAP = findUnmap();

  /** For want of room Java collects garbage and sleeps before it gives up: once is enough. */
  private static volatile boolean noRoom;

  private ResidentPages() {}

  /** Tells whether all of these bytes, which the file has, are in memory. */
  static boolean contain(FileChannel channel, long position, long length) throws IOException {
    MethodHandle unmap = UNMAP;
    if (unmap == null || noRoom || length <= 0 || length > Integer.MAX_VALUE) {
      return false;
    }
    MappedByteBuffer pages = map(channel, position, length);
    boolean all = pages.isLoaded();
    unmap(unmap, pages);
    return all;
  }

  private static MappedByteBuffer map(FileChannel channel, long position, long length)
      throws IOException {
    try {
      return channel.map(FileChannel.MapMode.READ_ONLY, position, length);
    } catch (IOException e) {
      if (e.getCause() instanceof OutOfMemoryError) {
        noRoom = true;
      }
      throw e;
    }
  }

  private static void unmap(MethodHandle unmap, MappedByteBuffer pages) {
    try {
      unmap.invokeExact((ByteBuffer) pages);
    } catch (Throwable e) {
      throw new IllegalStateException("a mapping cannot be taken away", e);
    }
  }

  /** What Java has for this is no API of its own: a runtime without it reads as before. */
  private static @Nullable MethodHandle findUnmap() {
    try {
      Class<?> type = Class.forName("sun.misc.Unsafe");
      Field field = type.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return MethodHandles.lookup()
          .findVirtual(type, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
          .bindTo(field.get(null));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }
}
