package io.sluice.binlog.master;

import io.sluice.api.session.ReplyError;
import io.sluice.binlog.store.BinlogFileFormat;
import io.sluice.binlog.store.ResumePoint;
import io.sluice.mysql.message.ComBinlogDump;
import io.sluice.mysql.message.ComRegisterSlave;
import io.sluice.mysql.result.ResultSet;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The questions between login and stream, one at a time: each answer causes the next question. Asks
 * what a MariaDB replica asks (reference §2.1), learns the master's variables, and proves that the
 * master's history is the one in the store. Pure: effects go through {@link Wire} and {@link
 * Listener}. Confined to the loop of the connection.
 */
final class MasterDialogue implements StartFinder.Outcome {
  private static final int SEND_ANNOTATE_ROWS = 0x02;
  private static final int ACCESS_DENIED = 1045;
  private static final int UNKNOWN_VARIABLE = 1193;

  /**
   * How questions go out; each is answered by {@link #onResult}, {@link #onError} or {@link
   * #onRegistered}.
   */
  interface Wire {
    /** Asks. */
    void query(String sql);

    /** Registers as a replica. */
    void register(ComRegisterSlave request);
  }

  /** What the dialogue finds out. */
  interface Listener {
    /** The next question goes out. */
    void onStep(DialogueStep step);

    /** What the master's clock shows, seconds since 1970. */
    void onClock(long masterSeconds);

    /** All global variables of the master, and what it tells of them, which may be nothing. */
    void onVariables(Map<String, String> variables, Map<String, VariableTraits> traits);

    /** Another history follows, with this file: prepare for it, then {@link #onEpochReady}. */
    void onEpoch(String file);

    /** All is well: request the dump. */
    void onDump(ComBinlogDump request, boolean checksums, boolean semiSync);

    /** This master cannot be used, or not now. */
    void onRefused(LinkFailure failure);
  }

  /**
   * What the relay wants of its master.
   *
   * @param serverId the relay's own server id
   * @param start where an empty store begins
   * @param heartbeatPeriod zero for none
   * @param reportHost for SHOW SLAVE HOSTS
   * @param reportPort for SHOW SLAVE HOSTS
   * @param semiSync whether to acknowledge transactions
   * @param mayBeginEpoch whether another history may follow the stored one
   */
  record Wishes(
      long serverId,
      StartPoint start,
      Duration heartbeatPeriod,
      String reportHost,
      int reportPort,
      boolean semiSync,
      boolean mayBeginEpoch) {}

  private final Wishes wishes;
  private final StartFinder finder;
  private final Wire wire;
  private final Listener listener;
  private DialogueStep step = DialogueStep.CLOCK;
  private Map<String, String> variables = Map.of();
  private boolean checksums;
  private String serverId = "";
  private String dumpFile = "";
  private long dumpPosition = BinlogFileFormat.FIRST_EVENT;

  /**
   * Asks nothing yet.
   *
   * @param wishes what is wanted
   * @param resume where the store ends
   * @param resumeAt where to begin if the histories agree
   * @param wire takes the questions
   * @param listener is told what comes of it
   */
  MasterDialogue(Wishes wishes, ResumePoint resume, long resumeAt, Wire wire, Listener listener) {
    this.wishes = wishes;
    this.finder = new StartFinder(wishes.start(), wishes.mayBeginEpoch(), resume, resumeAt, this);
    this.wire = wire;
    this.listener = listener;
  }

  /** Asks the first question. */
  void begin() {
    ask(DialogueStep.CLOCK, "SELECT UNIX_TIMESTAMP()");
  }

  @Override
  public void ask(DialogueStep next, String sql) {
    step = next;
    listener.onStep(next);
    wire.query(sql);
  }

  /** The open question was answered. */
  void onResult(ResultSet result) {
    switch (step) {
      case CLOCK -> {
        onClock(single(result));
        ask(DialogueStep.IDENTITY, "SHOW VARIABLES LIKE 'SERVER_ID'");
      }
      case IDENTITY -> onIdentity(result);
      case VARIABLES -> onVariables(result);
      case TRAITS -> onTraits(result);
      case HEARTBEAT -> askChecksum();
      case CHECKSUM -> ask(DialogueStep.CHECKSUM_ANSWER, "SELECT @master_binlog_checksum");
      case CHECKSUM_ANSWER -> onChecksumAnswer(single(result));
      case CAPABILITY -> finder.begin(serverId);
      case VERIFY, BINLOG_STATE, LOGS, FILE_START -> finder.onResult(step, result);
      case SEMI_SYNC -> onSemiSync(result);
      case SEMI_SYNC_ON -> dump(true);
      case EPOCH, REGISTER, DUMP ->
          listener.onRefused(LinkFailure.lost("the master answered a question that was not asked"));
    }
  }

  private static @Nullable String single(ResultSet result) {
    return result.isEmpty() || result.columns().isEmpty() ? null : result.value(0, 0);
  }

  /** The open question was refused. */
  void onError(ReplyError error) {
    switch (step) {
      case CLOCK -> ask(DialogueStep.IDENTITY, "SHOW VARIABLES LIKE 'SERVER_ID'");
      // Only for the types of columns: an answer without them is good enough.
      case TRAITS -> onTraits(Map.of());
      case CHECKSUM -> {
        if (error.code() == UNKNOWN_VARIABLE) {
          askCapability();
        } else {
          refuse(error);
        }
      }
      default -> {
        if (!finder.onError(step, error)) {
          refuse(error);
        }
      }
    }
  }

  private void refuse(ReplyError error) {
    boolean privilege = step == DialogueStep.REGISTER && error.code() == ACCESS_DENIED;
    // A MariaDB master answers here, long after the login, in the words of a wrong password.
    String hint =
        privilege ? "; the service's user needs: GRANT REPLICATION SLAVE ON *.* on the master" : "";
    listener.onRefused(LinkFailure.ofMaster(error.code(), error.message() + hint, false));
  }

  private void onClock(@Nullable String seconds) {
    if (seconds != null) {
      try {
        listener.onClock((long) Double.parseDouble(seconds));
      } catch (NumberFormatException e) {
        // Only for the display of lag: a replica goes on without it, too.
        return;
      }
    }
  }

  private void onIdentity(ResultSet result) {
    String id = result.isEmpty() ? null : result.value(0, 1);
    if (Long.toString(wishes.serverId()).equals(id)) {
      listener.onRefused(
          LinkFailure.fatal(
              "Fatal error: The slave I/O thread stops because master and slave have equal MySQL server ids; these ids must be different for replication to work: server-id "
                  + id
                  + " of the relay is the master's own"));
      return;
    }
    serverId = id == null ? "" : id;
    ask(DialogueStep.VARIABLES, "SHOW GLOBAL VARIABLES");
  }

  private void onVariables(ResultSet result) {
    Map<String, String> found = new LinkedHashMap<>();
    for (int i = 0; i < result.size(); i++) {
      String name = result.value(i, 0);
      String value = result.value(i, 1);
      if (name != null) {
        found.put(name, value == null ? "" : value);
      }
    }
    variables = found;
    String version = variables.getOrDefault("version", "");
    if (!version.contains("MariaDB")) {
      listener.onRefused(
          LinkFailure.fatal(
              "master version: "
                  + version
                  + " (expected: a MariaDB server; MySQL masters are not supported by this version)"));
      return;
    }
    if ("OFF".equals(variables.get("log_bin"))) {
      listener.onRefused(
          new LinkFailure(
              LinkFailure.Kind.REFUSED,
              LinkFailure.FATAL_SLAVE_ERROR,
              "the master writes no binary log (log_bin is OFF)"));
      return;
    }
    ask(
        DialogueStep.TRAITS,
        "SELECT VARIABLE_NAME, VARIABLE_SCOPE, VARIABLE_TYPE, READ_ONLY, SESSION_VALUE FROM information_schema.SYSTEM_VARIABLES");
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
    listener.onVariables(variables, traits);
    if (wishes.heartbeatPeriod().isZero()) {
      askChecksum();
    } else {
      ask(
          DialogueStep.HEARTBEAT,
          "SET @master_heartbeat_period= " + wishes.heartbeatPeriod().toNanos());
    }
  }

  private void askChecksum() {
    ask(DialogueStep.CHECKSUM, "SET @master_binlog_checksum= @@global.binlog_checksum");
  }

  private void onChecksumAnswer(@Nullable String answer) {
    if (answer == null || !(answer.equals("CRC32") || answer.equals("NONE"))) {
      listener.onRefused(
          LinkFailure.fatal("master checksum: " + answer + " (expected: CRC32 or NONE)"));
      return;
    }
    checksums = answer.equals("CRC32");
    askCapability();
  }

  private void askCapability() {
    ask(DialogueStep.CAPABILITY, "SET @mariadb_slave_capability=4");
  }

  @Override
  public void onFound(String file, long position, boolean epoch) {
    dumpFile = file;
    dumpPosition = position;
    if (epoch) {
      step = DialogueStep.EPOCH;
      listener.onStep(step);
      listener.onEpoch(file);
    } else {
      register();
    }
  }

  @Override
  public void onRefused(LinkFailure failure) {
    listener.onRefused(failure);
  }

  /** The store is ready for another history. */
  void onEpochReady() {
    register();
  }

  private void register() {
    step = DialogueStep.REGISTER;
    listener.onStep(step);
    wire.register(
        new ComRegisterSlave(
            wishes.serverId(), wishes.reportHost(), "", "", wishes.reportPort(), 0, 0));
  }

  /** The registration was accepted. */
  void onRegistered() {
    if (wishes.semiSync()) {
      ask(DialogueStep.SEMI_SYNC, "SHOW VARIABLES LIKE 'rpl_semi_sync_master_enabled'");
    } else {
      dump(false);
    }
  }

  /** A master that knows the word takes part, even while it is switched off there. */
  private void onSemiSync(ResultSet result) {
    if (result.isEmpty()) {
      dump(false);
    } else {
      ask(DialogueStep.SEMI_SYNC_ON, "SET @rpl_semi_sync_slave= 1");
    }
  }

  private void dump(boolean semiSync) {
    step = DialogueStep.DUMP;
    listener.onStep(step);
    listener.onDump(
        new ComBinlogDump(dumpPosition, SEND_ANNOTATE_ROWS, wishes.serverId(), dumpFile),
        checksums,
        semiSync);
  }
}
