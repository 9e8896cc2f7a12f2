package io.sluice.testkit.scripted;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A COM_BINLOG_DUMP that a {@link ScriptedMaster} got, with the user variables that the connection
 * had set before it (lower-case names without {@code @}).
 */
public record DumpRequest(
    String file, long position, int flags, long serverId, Map<String, String> variables) {

  /** The GTID position in {@code @slave_connect_state}; null for a file and position request. */
  public @Nullable String connectState() {
    return variables.get("slave_connect_state");
  }

  /** Whether the replica knows checksums, so that the first rotate event carries one. */
  boolean checksums() {
    return "CRC32".equalsIgnoreCase(variables.get("master_binlog_checksum"));
  }
}
