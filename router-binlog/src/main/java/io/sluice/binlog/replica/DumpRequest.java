package io.sluice.binlog.replica;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.gtid.MariaDbGtidList;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.store.StartRequest;
import io.sluice.mysql.message.ComBinlogDump;
import io.sluice.mysql.message.ComBinlogDumpGtid;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
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
 * @param untilBefore whether the groups of {@code until} themselves are left out
 * @param strict whether a hole in the sequence numbers is an error
 * @param ignoreDuplicates whether a domain may come from several masters
 * @param checksums what it says about checksums
 * @param capability which events it understands, 0 to 4
 * @param semiSync whether it acknowledges transactions
 * @param skipMarked whether events marked with {@code skip_replication} are left out
 * @param heartbeat its heartbeat period; zero for none
 * @param executed the ids that it has, in GTID mode of MySQL; null otherwise
 * @param heartbeatV2 whether it takes the second form of the heartbeat
 * @param uuid what it calls itself; null if it has no UUID
 * @param mariaDb whether it speaks MariaDB's words: it has told its capability
 */
public record DumpRequest(
    String file,
    long position,
    long serverId,
    boolean nonBlocking,
    boolean annotateRows,
    @Nullable MariaDbGtidList gtid,
    @Nullable MariaDbGtidList until,
    boolean untilBefore,
    boolean strict,
    boolean ignoreDuplicates,
    Checksums checksums,
    int capability,
    boolean semiSync,
    boolean skipMarked,
    Duration heartbeat,
    @Nullable MySqlGtidSet executed,
    boolean heartbeatV2,
    @Nullable String uuid,
    boolean mariaDb) {

  private static final BigDecimal MAX_NUMBER = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final int MAX_DIGITS = 18;
  private static final int UUID_LENGTH = 36;

  /** A flag of MySQL, where MariaDB asks for ANNOTATE_ROWS with the same bit. */
  private static final int USE_HEARTBEAT_V2 = 0x02;

  /** User variables of a session. */
  public interface Variables {
    /** The text of a variable, without the at-sign; null if it is not set or NULL. */
    @Nullable String value(String name);

    /** Whether it was set, be it to NULL. */
    boolean isSet(String name);
  }

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
      PresentedSource source, ComBinlogDump dump, Variables variables, boolean skipMarked) {
    return source.isMySql()
        ? ofMySql(source, dump, null, variables)
        : ofMariaDb(dump, null, variables, skipMarked);
  }

  /**
   * Reads a request of a MySQL replica in GTID mode.
   *
   * @throws io.sluice.binlog.gtid.GtidFormatException for a set that cannot be read
   */
  public static DumpRequest of(
      PresentedSource source, ComBinlogDumpGtid dump, Variables variables) {
    ByteBuf encoded = Unpooled.wrappedBuffer(dump.gtidSet());
    MySqlGtidSet executed = MySqlGtidSet.decode(encoded, 0, encoded.readableBytes());
    long position = dump.position() < 0 ? Long.MAX_VALUE : dump.position();
    ComBinlogDump place = new ComBinlogDump(position, dump.flags(), dump.serverId(), dump.file());
    return source.isMySql()
        ? ofMySql(source, place, executed, variables)
        : ofMariaDb(place, executed, variables, false);
  }

  private static DumpRequest ofMariaDb(
      ComBinlogDump dump,
      @Nullable MySqlGtidSet executed,
      Variables variables,
      boolean skipMarked) {
    String connectState = variables.value("slave_connect_state");
    String until = variables.value("slave_until_gtid");
    return new DumpRequest(
        dump.file(),
        dump.position(),
        dump.serverId(),
        isNonBlocking(dump),
        (dump.flags() & ComBinlogDump.ANNOTATE_ROWS) != 0,
        connectState == null ? null : MariaDbGtidList.parse(connectState),
        connectState == null || until == null ? null : MariaDbGtidList.parse(until),
        number(variables.value("slave_gtid_until_before_gtids")) != 0,
        number(variables.value("slave_gtid_strict_mode")) != 0,
        number(variables.value("slave_gtid_ignore_duplicates")) != 0,
        checksums(variables),
        (int) Math.min(number(variables.value("mariadb_slave_capability")), 1000),
        number(first(variables, "rpl_semi_sync_slave", "rpl_semi_sync_replica")) != 0,
        skipMarked,
        heartbeat(variables),
        executed,
        false,
        uuid(variables),
        variables.isSet("mariadb_slave_capability"));
  }

  private static DumpRequest ofMySql(
      PresentedSource source,
      ComBinlogDump dump,
      @Nullable MySqlGtidSet executed,
      Variables variables) {
    return new DumpRequest(
        dump.file(),
        dump.position(),
        dump.serverId(),
        isNonBlocking(dump),
        false,
        null,
        null,
        false,
        false,
        false,
        checksumsOfMySql(newWord(variables, "source_binlog_checksum", "master_binlog_checksum")),
        0,
        (source.newSemiSync() && number(variables.value("rpl_semi_sync_replica")) != 0)
            || (source.oldSemiSync() && number(variables.value("rpl_semi_sync_slave")) != 0),
        false,
        Duration.ofNanos(
            number(newWord(variables, "source_heartbeat_period", "master_heartbeat_period"))),
        executed,
        (dump.flags() & USE_HEARTBEAT_V2) != 0 && source.mysql().knowsHeartbeatV2(),
        uuid(variables),
        variables.isSet("mariadb_slave_capability"));
  }

  private static boolean isNonBlocking(ComBinlogDump dump) {
    return (dump.flags() & ComBinlogDump.NON_BLOCKING) != 0 || dump.serverId() == 0;
  }

  /** What a replica calls itself; null if it has not said so. */
  public static @Nullable String uuid(Variables variables) {
    String value = newWord(variables, "replica_uuid", "slave_uuid");
    return value == null || value.isEmpty()
        ? null
        : value.substring(0, Math.min(value.length(), UUID_LENGTH));
  }

  /** The newer variable counts if it was set, be it to NULL. */
  private static @Nullable String newWord(Variables variables, String newer, String older) {
    return variables.value(variables.isSet(newer) ? newer : older);
  }

  /** Who has set the variable knows checksums; the first event has one only for the word CRC32. */
  private static Checksums checksumsOfMySql(@Nullable String value) {
    if (value == null) {
      return Checksums.UNKNOWN;
    }
    return value.toUpperCase(Locale.ROOT).equals("CRC32") ? Checksums.CRC32 : Checksums.NONE;
  }

  /** Whatever is not the word NONE counts as a checksum, NULL too. */
  private static Checksums checksums(Variables variables) {
    if (!variables.isSet("master_binlog_checksum") && !variables.isSet("source_binlog_checksum")) {
      return Checksums.UNKNOWN;
    }
    String value = first(variables, "master_binlog_checksum", "source_binlog_checksum");
    return value != null && value.toUpperCase(Locale.ROOT).equals("NONE")
        ? Checksums.NONE
        : Checksums.CRC32;
  }

  private static Duration heartbeat(Variables variables) {
    return Duration.ofNanos(
        number(first(variables, "master_heartbeat_period", "source_heartbeat_period")));
  }

  private static @Nullable String first(Variables variables, String name, String otherwise) {
    String value = variables.value(name);
    return value == null ? variables.value(otherwise) : value;
  }

  /** A number that is not negative, as a server reads it: anything else is 0. */
  private static long number(@Nullable String value) {
    if (value == null) {
      return 0;
    }
    try {
      BigDecimal number = new BigDecimal(value.strip()).setScale(0, RoundingMode.HALF_UP);
      return number.signum() <= 0 ? 0 : number.min(MAX_NUMBER).longValue();
    } catch (NumberFormatException | ArithmeticException e) {
      return leadingDigits(value.strip());
    }
  }

  private static long leadingDigits(String text) {
    long number = 0;
    for (int i = 0; i < text.length() && i < MAX_DIGITS; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  /** Whether the start is a GTID position. */
  public boolean isGtid() {
    return gtid != null || executed != null;
  }

  /** The GTID position as text; empty in file/position mode. */
  String position(boolean mysql) {
    Object shown = mysql ? executed : gtid;
    return shown == null ? "" : shown.toString();
  }

  /** Whether the artificial ROTATE at the start has a checksum. */
  boolean wantsChecksums() {
    return checksums == Checksums.CRC32;
  }

  /**
   * Why a replica is of the other family than the presented master; null if it is not, or no
   * replica at all: tools and readers that do not register, or speak both families' words, are
   * served as a master serves them.
   *
   * @param registered whether it has registered as a replica
   */
  @Nullable String foreign(PresentedSource source, boolean registered) {
    if (source.isMySql()) {
      return registered && mariaDb && uuid == null
          ? "The binary log is that of a MySQL server, and the replica is a MariaDB server: a"
              + " MariaDB replica does not understand the GTIDs and events of MySQL; connect it to a"
              + " MariaDB master"
          : null;
    }
    return executed != null || (registered && uuid != null && !mariaDb)
        ? "The binary log is that of a MariaDB server, and the replica is a MySQL server: a MySQL"
            + " replica does not understand the GTIDs and events of MariaDB; connect it to a MySQL"
            + " source"
        : null;
  }

  /** The question to the store. */
  StartRequest start(PresentedSource source) {
    if (source.isMySql()) {
      return executed == null
          ? new StartRequest.MySqlPosition(file, position, source.mysql())
          : new StartRequest.MySqlGtids(executed, file, position, source.mysql());
    }
    return gtid == null
        ? new StartRequest.FilePosition(file, position)
        : new StartRequest.MariaDbGtids(
            gtid, strict, ignoreDuplicates, until, untilBefore, source.ownPosition());
  }
}
