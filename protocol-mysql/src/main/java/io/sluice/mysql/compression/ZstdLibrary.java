package io.sluice.mysql.compression;

import com.github.luben.zstd.Zstd;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether zstd can be used here: its library may be missing, or have no native part for this
 * platform. Apart from {@link ZstdBody}, which cannot even be loaded without it.
 */
final class ZstdLibrary {

  private static final Logger LOGGER = LoggerFactory.getLogger(ZstdLibrary.class);

  private static final boolean AVAILABLE = load();

  private ZstdLibrary() {}

  /** The first call loads the library and blocks. */
  static boolean isAvailable() {
    return AVAILABLE;
  }

  private static boolean load() {
    try {
      return Zstd.compressBound(1) > 0;
    } catch (LinkageError e) {
      LOGGER.atWarn().addKeyValue("error", e).log("zstd cannot be used: no native library");
      return false;
    }
  }
}
