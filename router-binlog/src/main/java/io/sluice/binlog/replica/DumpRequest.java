package io.sluice.binlog.replica;

import io.sluice.binlog.gtid.MariaDbGtidList;
import io.sluice.binlog.store.StartRequest;
import io.sluice.mysql.message.ComBinlogDump;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a replica wants, from its dump command and the user variables that it set before (reference
 * §2.1, §2.5). Immutable.
 *
 * @param file the file it names; empty for the first
 * @param position the position it names
 * @param serverId its server id; 0 for tools
 * @param nonBlocking whether the stream ends where the log ends
 * @param annotateRows whether it wants ANNOTATE_ROWS events
 * @param gtid the position in GTID mode; null in file/position mode
 * @param until where to stop in GTID mode; null for never
 * @param strict whether a hole in the sequence numbers is an error
 * @param ignoreDuplicates whether a domain may come from several masters
 * @param checksums what it says about checksums
 * @param capability which events it understands, 0 to 4
 * @param skipMarked whether events marked with {@code skip_replication} are left out
 * @param heartbeat its heartbeat period; zero for none
 */
public record DumpRequest(
    String file,
    long position,
    long serverId,
    boolean nonBlocking,
    boolean annotateRows,
    @Nullable MariaDbGtidList gtid,
    @Nullable MariaDbGtidList until,
    boolean strict,
    boolean ignoreDuplicates,
    Checksums checksums,
    int capability,
    boolean skipMarked,
    Duration heartbeat) {

  /** What a replica said about checksums. */
  public enum Checksums {
    /** Nothing: it does not know them. */
    UNKNOWN,
    /** It knows them; artificial events at the start shall have none. */
    NONE,
    /** It knows them. */
    CRC32
  }

  /**
   * Reads a request.
   *
   * @param dump the command
   * @param variables the session's user variables, without the at-sign
   * @param skipMarked the session variable {@code skip_replication}
   * @throws io.sluice.binlog.gtid.GtidFormatException for GTID positions that cannot be read
   */
  public static DumpRequest of(
      ComBinlogDump dump, Function<String, @Nullable String> variables, boolean skipMarked) {
    String connectState = variables.apply("slave_connect_state");
    String until = variables.apply("slave_until_gtid");
    return new DumpRequest(
        dump.file(),
        dump.position(),
        dump.serverId(),
        (dump.flags() & ComBinlogDump.NON_BLOCKING) != 0 || dump.serverId() == 0,
        (dump.flags() & ComBinlogDump.ANNOTATE_ROWS) != 0,
        connectState == null ? null : MariaDbGtidList.parse(connectState),
        connectState == null || until == null ? null : MariaDbGtidList.parse(until),
        number(variables.apply("slave_gtid_strict_mode")) != 0,
        number(variables.apply("slave_gtid_ignore_duplicates")) != 0,
        checksums(variables),
        (int) Math.min(number(variables.apply("mariadb_slave_capability")), 1000),
        skipMarked,
        heartbeat(variables));
  }

  private static Checksums checksums(Function<String, @Nullable String> variables) {
    String value = first(variables, "source_binlog_checksum", "master_binlog_checksum");
    if (value == null) {
      return Checksums.UNKNOWN;
    }
    return value.toUpperCase(Locale.ROOT).equals("CRC32") ? Checksums.CRC32 : Checksums.NONE;
  }

  private static Duration heartbeat(Function<String, @Nullable String> variables) {
    return Duration.ofNanos(
        number(first(variables, "source_heartbeat_period", "master_heartbeat_period")));
  }

  private static @Nullable String first(
      Function<String, @Nullable String> variables, String name, String otherwise) {
    String value = variables.apply(name);
    return value == null ? variables.apply(otherwise) : value;
  }

  /** A number that is not negative; anything else is 0, as a master reads it. */
  private static long number(@Nullable String value) {
    if (value == null) {
      return 0;
    }
    try {
      return Math.max(0, Long.parseLong(value));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Whether the start is a GTID position. */
  public boolean isGtid() {
    return gtid != null;
  }

  /** The question to the store. */
  StartRequest start() {
    return gtid == null
        ? new StartRequest.FilePosition(file, position)
        : new StartRequest.MariaDbGtids(gtid, strict, ignoreDuplicates, until);
  }
}
