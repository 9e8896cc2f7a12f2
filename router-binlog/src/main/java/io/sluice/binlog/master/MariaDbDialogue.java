package io.sluice.binlog.master;

import static java.util.Objects.requireNonNull;

import io.sluice.api.session.ReplyError;
import io.sluice.mysql.message.ComBinlogDump;
import io.sluice.mysql.result.ResultSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks what a MariaDB replica asks: reference §2.1. Confined to the loop of the connection. */
final class MariaDbDialogue implements FamilyDialogue {
  private static final int SEND_ANNOTATE_ROWS = 0x02;

  private final Wishes wishes;
  private final String serverId;
  private final MariaDbStartFinder finder;
  private final Conversation talk;
  private boolean checksums;
  private @Nullable DumpCommand dump;

  /**
   * Asks nothing yet.
   *
   * @param serverId of the master
   */
  MariaDbDialogue(Wishes wishes, StoredEnd end, String serverId, Conversation talk) {
    this.wishes = wishes;
    this.serverId = serverId;
    this.finder =
        new MariaDbStartFinder(
            wishes.start(), wishes.mayBeginEpoch(), end.resume(), end.resumeAt(), talk);
    this.talk = talk;
  }

  @Override
  public void begin(Map<String, String> variables) {
    talk.ask(
        DialogueStep.TRAITS,
        "SELECT VARIABLE_NAME, VARIABLE_SCOPE, VARIABLE_TYPE, READ_ONLY, SESSION_VALUE FROM information_schema.SYSTEM_VARIABLES");
  }

  @Override
  public void onResult(DialogueStep step, ResultSet result) {
    switch (step) {
      case TRAITS -> onTraits(result);
      case HEARTBEAT -> askChecksum();
      case CHECKSUM -> talk.ask(DialogueStep.CHECKSUM_ANSWER, "SELECT @master_binlog_checksum");
      case CHECKSUM_ANSWER -> onChecksumAnswer(MasterDialogue.single(result));
      case CAPABILITY -> finder.begin(serverId);
      case VERIFY, BINLOG_STATE, LOGS, FILE_START -> finder.onResult(step, result);
      case SEMI_SYNC -> onSemiSync(result);
      case SEMI_SYNC_ON -> dump(true);
      default -> throw new IllegalStateException("step: " + step + " (expected: asked here)");
    }
  }

  @Override
  public boolean onError(DialogueStep step, ReplyError error) {
    if (step == DialogueStep.TRAITS) {
      // Only for the types of columns: an answer without them is good enough.
      onTraits(Map.of());
      return true;
    }
    if (step == DialogueStep.CHECKSUM && error.code() == UNKNOWN_VARIABLE) {
      askCapability();
      return true;
    }
    return finder.onError(step, error);
  }

  private void onTraits(ResultSet result) {
    Map<String, VariableTraits> traits = new LinkedHashMap<>();
    for (int i = 0; i < result.size() && result.columns().size() == 5; i++) {
      traits.put(
          text(result, i, 0),
          VariableTraits.of(
              text(result, i, 1), text(result, i, 2), text(result, i, 3), text(result, i, 4)));
    }
    onTraits(traits);
  }

  private static String text(ResultSet result, int row, int column) {
    String value = result.value(row, column);
    return value == null ? "" : value;
  }

  private void onTraits(Map<String, VariableTraits> traits) {
    talk.learned(Map.of(), traits);
    if (wishes.heartbeatPeriod().isZero()) {
      askChecksum();
    } else {
      talk.ask(
          DialogueStep.HEARTBEAT,
          "SET @master_heartbeat_period= " + wishes.heartbeatPeriod().toNanos());
    }
  }

  private void askChecksum() {
    talk.ask(DialogueStep.CHECKSUM, "SET @master_binlog_checksum= @@global.binlog_checksum");
  }

  private void onChecksumAnswer(@Nullable String answer) {
    if (MasterDialogue.isChecksum(answer)) {
      checksums = "CRC32".equals(answer);
      askCapability();
    } else {
      talk.refused(LinkFailure.fatal("master checksum: " + answer + " (expected: CRC32 or NONE)"));
    }
  }

  private void askCapability() {
    talk.ask(DialogueStep.CAPABILITY, "SET @mariadb_slave_capability=4");
  }

  @Override
  public void onRegistered(String file, long position) {
    dump = DumpCommand.of(new ComBinlogDump(position, SEND_ANNOTATE_ROWS, wishes.serverId(), file));
    if (wishes.semiSync()) {
      talk.ask(DialogueStep.SEMI_SYNC, "SHOW VARIABLES LIKE 'rpl_semi_sync_master_enabled'");
    } else {
      dump(false);
    }
  }

  /** A master that knows the word takes part, even while it is switched off there. */
  private void onSemiSync(ResultSet result) {
    if (result.isEmpty()) {
      dump(false);
    } else {
      talk.ask(DialogueStep.SEMI_SYNC_ON, "SET @rpl_semi_sync_slave= 1");
    }
  }

  private void dump(boolean semiSync) {
    talk.dump(requireNonNull(dump, "dump"), checksums, semiSync);
  }
}
