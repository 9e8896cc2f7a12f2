package io.sluice.binlog.master;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.api.session.ReplyError;
import io.sluice.binlog.gtid.GtidFormatException;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.gtid.ServerVersion;
import io.sluice.mysql.message.ComBinlogDump;
import io.sluice.mysql.message.ComBinlogDumpGtid;
import io.sluice.mysql.result.ResultSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks what a MySQL replica asks, in the words of all versions at once: reference §2.2. The stream
 * is asked for by file and position whatever the GTID mode, so that files come whole, with
 * anonymous transactions too; only a place that the old request cannot name needs the one for GTID
 * sets. Confined to the loop of the connection.
 */
final class MySqlDialogue implements FamilyDialogue {
  private static final int HEARTBEAT_V2_SINCE = 80_026;

  private final Wishes wishes;
  private final int version;
  private final String uuid;
  private final MySqlStartFinder finder;
  private final Conversation talk;
  private MySqlGtids gtids = MySqlGtids.NONE;
  private boolean checksums;
  private boolean oldWord;
  private @Nullable DumpCommand dump;

  /**
   * Asks nothing yet.
   *
   * @param version of the master
   * @param uuid of the master
   */
  MySqlDialogue(Wishes wishes, StoredEnd end, String version, String uuid, Conversation talk) {
    this.wishes = wishes;
    this.version = ServerVersion.number(version);
    this.uuid = uuid;
    this.finder = new MySqlStartFinder(wishes, end, this.version, talk);
    this.talk = talk;
  }

  @Override
  public void begin(Map<String, String> variables) {
    if (wishes.serverUuid().equalsIgnoreCase(uuid)) {
      talk.refused(
          LinkFailure.fatal(
              "Fatal error: The replica I/O thread stops because source and replica have equal MySQL server UUIDs; these UUIDs must be different for replication to work: "
                  + uuid));
      return;
    }
    if (wishes.heartbeatPeriod().isZero()) {
      askChecksum();
    } else {
      long nanos = wishes.heartbeatPeriod().toNanos();
      talk.ask(
          DialogueStep.HEARTBEAT,
          "SET @master_heartbeat_period = " + nanos + ", @source_heartbeat_period = " + nanos);
    }
  }

  @Override
  public void onResult(DialogueStep step, ResultSet result) {
    switch (step) {
      case HEARTBEAT -> askChecksum();
      case CHECKSUM -> talk.ask(DialogueStep.CHECKSUM_ANSWER, "SELECT @source_binlog_checksum");
      case CHECKSUM_ANSWER -> onChecksumAnswer(MasterDialogue.single(result));
      case GTIDS -> onGtids(result);
      case UUID -> finder.begin(uuid, gtids);
      case VERIFY, LOGS, FILE_START -> finder.onResult(step, result);
      case SEMI_SYNC ->
          talk.ask(
              DialogueStep.SEMI_SYNC_ON,
              "SET @rpl_semi_sync_replica = 1, @rpl_semi_sync_slave = 1");
      case SEMI_SYNC_ON -> dump(true);
      default -> throw new IllegalStateException("step: " + step + " (expected: asked here)");
    }
  }

  @Override
  public boolean onError(DialogueStep step, ReplyError error) {
    boolean unknown = error.code() == UNKNOWN_VARIABLE;
    switch (step) {
      case CHECKSUM, GTIDS -> {
        if (unknown) {
          askUuid();
        }
        return unknown;
      }
      case SEMI_SYNC -> {
        if (unknown && oldWord) {
          dump(false);
        } else if (unknown) {
          askSemiSync(true);
        }
        return unknown;
      }
      default -> {
        return finder.onError(step, error);
      }
    }
  }

  private void askChecksum() {
    talk.ask(
        DialogueStep.CHECKSUM,
        "SET @master_binlog_checksum = @@global.binlog_checksum, @source_binlog_checksum = @@global.binlog_checksum");
  }

  private void onChecksumAnswer(@Nullable String answer) {
    if (MasterDialogue.isChecksum(answer)) {
      checksums = "CRC32".equals(answer);
      talk.ask(DialogueStep.GTIDS, MySqlGtids.QUESTION);
    } else {
      talk.refused(LinkFailure.fatal("source checksum: " + answer + " (expected: CRC32 or NONE)"));
    }
  }

  private void onGtids(ResultSet result) {
    try {
      gtids = MySqlGtids.of(result);
    } catch (GtidFormatException e) {
      talk.refused(LinkFailure.fatal("source GTIDs: " + e.getMessage()));
      return;
    }
    askUuid();
  }

  private void askUuid() {
    talk.learned(gtids.variables(), Map.of());
    String own = wishes.serverUuid();
    talk.ask(DialogueStep.UUID, "SET @slave_uuid = '" + own + "', @replica_uuid = '" + own + "'");
  }

  @Override
  public void onRegistered(String file, long position) {
    int flags = version >= HEARTBEAT_V2_SINCE ? ComBinlogDumpGtid.HEARTBEAT_V2 : 0;
    dump =
        position > MySqlStartFinder.MAX_DUMP_POSITION
            ? DumpCommand.of(
                new ComBinlogDumpGtid(flags, wishes.serverId(), file, position, nothing()))
            : DumpCommand.of(new ComBinlogDump(position, flags, wishes.serverId(), file));
    if (wishes.semiSync()) {
      askSemiSync(false);
    } else {
      dump(false);
    }
  }

  private static byte[] nothing() {
    ByteBuf encoded = Unpooled.buffer();
    MySqlGtidSet.EMPTY.encode(encoded, false);
    return ByteBufUtil.getBytes(encoded);
  }

  /** A master that knows one of the words takes part, even while it is switched off there. */
  private void askSemiSync(boolean old) {
    oldWord = old;
    talk.ask(
        DialogueStep.SEMI_SYNC,
        "SELECT @@global.rpl_semi_sync_" + (old ? "master" : "source") + "_enabled");
  }

  private void dump(boolean semiSync) {
    talk.dump(requireNonNull(dump, "dump"), checksums, semiSync);
  }
}
