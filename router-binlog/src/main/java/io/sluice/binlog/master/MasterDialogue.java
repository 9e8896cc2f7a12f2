package io.sluice.binlog.master;

import io.sluice.api.session.ReplyError;
import io.sluice.binlog.gtid.ServerFamily;
import io.sluice.binlog.store.BinlogFileFormat;
import io.sluice.mysql.message.ComRegisterSlave;
import io.sluice.mysql.result.ResultSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The questions between login and stream, one at a time: each answer causes the next question.
 * Learns who the master is and what its variables are, then leaves it to the {@link FamilyDialogue}
 * to ask what a replica of its family asks, and to prove that its history is the one in the store.
 * Pure: effects go through {@link Wire} and {@link Listener}. Confined to the loop of the
 * connection.
 */
final class MasterDialogue implements Conversation {
  private static final int ACCESS_DENIED = 1045;

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
    void onDump(DumpCommand request, boolean checksums, boolean semiSync);

    /** This master cannot be used, or not now. */
    void onRefused(LinkFailure failure);
  }

  private final Wishes wishes;
  private final StoredEnd end;
  private final Wire wire;
  private final Listener listener;
  private DialogueStep step = DialogueStep.CLOCK;
  private Map<String, String> variables = Map.of();
  private @Nullable FamilyDialogue family;
  private String serverId = "";
  private String dumpFile = "";
  private long dumpPosition = BinlogFileFormat.FIRST_EVENT;

  /**
   * Asks nothing yet.
   *
   * @param wishes what is wanted
   * @param end where the store ends
   * @param wire takes the questions
   * @param listener is told what comes of it
   */
  MasterDialogue(Wishes wishes, StoredEnd end, Wire wire, Listener listener) {
    this.wishes = wishes;
    this.end = end;
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
      case EPOCH, REGISTER, DUMP ->
          listener.onRefused(LinkFailure.lost("the master answered a question that was not asked"));
      default -> family().onResult(step, result);
    }
  }

  private FamilyDialogue family() {
    FamilyDialogue known = family;
    if (known == null) {
      throw new IllegalStateException("step: " + step + " (expected: the master is known)");
    }
    return known;
  }

  static @Nullable String single(ResultSet result) {
    return result.isEmpty() || result.columns().isEmpty() ? null : result.value(0, 0);
  }

  static boolean isChecksum(@Nullable String answer) {
    return answer != null && (answer.equals("CRC32") || answer.equals("NONE"));
  }

  /** The open question was refused. */
  void onError(ReplyError error) {
    FamilyDialogue known = family;
    if (step == DialogueStep.CLOCK) {
      ask(DialogueStep.IDENTITY, "SHOW VARIABLES LIKE 'SERVER_ID'");
    } else if (known == null || !known.onError(step, error)) {
      refuse(error);
    }
  }

  private void refuse(ReplyError error) {
    boolean privilege = step == DialogueStep.REGISTER && error.code() == ACCESS_DENIED;
    // A master answers here, long after the login, in the words of a wrong password.
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
    ServerFamily master = ServerFamily.ofVersion(version);
    ServerFamily stored = end.family();
    if (stored != null && stored != master) {
      listener.onRefused(
          LinkFailure.fatal(
              "the master is a "
                  + master.label()
                  + " server ("
                  + version
                  + "), the stored log is of a "
                  + stored.label()
                  + " server: one store holds the logs of one family of servers only, its replicas could not follow"));
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
    FamilyDialogue next =
        switch (master) {
          case MARIADB -> new MariaDbDialogue(wishes, end, serverId, this);
          case MYSQL ->
              new MySqlDialogue(
                  wishes, end, version, variables.getOrDefault("server_uuid", ""), this);
        };
    family = next;
    next.begin(variables);
  }

  @Override
  public void learned(Map<String, String> exact, Map<String, VariableTraits> traits) {
    Map<String, String> all = new LinkedHashMap<>(variables);
    all.putAll(exact);
    listener.onVariables(all, traits);
  }

  @Override
  public void found(String file, long position, boolean epoch) {
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
  public void refused(LinkFailure failure) {
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
    family().onRegistered(dumpFile, dumpPosition);
  }

  @Override
  public void dump(DumpCommand command, boolean checksums, boolean semiSync) {
    step = DialogueStep.DUMP;
    listener.onStep(step);
    listener.onDump(command, checksums, semiSync);
  }
}
