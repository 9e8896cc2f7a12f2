package io.sluice.mysql.compression;

import io.sluice.mysql.constant.Capabilities;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * How the frames of one connection are packed. Immutable.
 *
 * @param method the method
 * @param level how hard it tries, in the numbers of the method
 */
public record Compression(Method method, int level) {

  /** The methods that servers and clients have. */
  public enum Method {
    /** All servers and clients. */
    ZLIB(Capabilities.COMPRESS, 1, 9, 6),
    /** MySQL since 8.0.18, and clients of MariaDB since 10.7. */
    ZSTD(Capabilities.ZSTD, 1, 22, 3);

    private final long capability;
    private final int lowest;
    private final int highest;
    private final int usual;

    Method(long capability, int lowest, int highest, int usual) {
      this.capability = capability;
      this.lowest = lowest;
      this.highest = highest;
      this.usual = usual;
    }

    /** The bit that offers and takes it. */
    public long capability() {
      return capability;
    }

    /** Whether this machine has it. The first call may block. */
    public boolean isAvailable() {
      return this != ZSTD || ZstdLibrary.isAvailable();
    }

    /** With a level, cut to what the method has; 0 stands for its usual one. */
    public Compression at(int level) {
      int known = level == 0 ? usual : Math.min(Math.max(level, lowest), highest);
      return new Compression(this, known);
    }
  }

  /** All bits of all methods. */
  public static final long CAPABILITIES = Capabilities.COMPRESS | Capabilities.ZSTD;

  /** The bits that offer these methods. */
  public static long offer(Collection<Method> methods) {
    long bits = 0;
    for (Method method : methods) {
      bits |= method.capability();
    }
    return bits;
  }

  /** What two sides that have these bits in common use, as servers decide it; null for none. */
  public static @Nullable Method agreed(Capabilities both) {
    if (both.has(Capabilities.COMPRESS)) {
      return Method.ZLIB;
    }
    return both.has(Capabilities.ZSTD) ? Method.ZSTD : null;
  }

  /** Packs and unpacks on this thread. */
  FrameBody body() {
    return method == Method.ZLIB ? ZlibBody.of(level) : ZstdBody.of(level);
  }
}
