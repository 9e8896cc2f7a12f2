package io.sluice.binlog.admin;

import io.sluice.api.admin.CommandException;
import io.sluice.api.admin.ModuleCommand;
import io.sluice.binlog.control.ControlException;
import io.sluice.binlog.control.ControlNote;
import io.sluice.binlog.control.RelayControl;
import io.sluice.binlog.gtid.GtidFormatException;
import io.sluice.binlog.gtid.MariaDbGtidList;
import io.sluice.binlog.gtid.MySqlGtidSet;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * The administrator's verbs: each is the twin of a SQL statement and gives the same order to {@link
 * RelayControl}. Stateless.
 */
public final class RelayCommands {
  private static final int SECONDS = 60;

  private RelayCommands() {}

  /** All of them, for one relay. */
  public static List<ModuleCommand> of(RelayControl control) {
    return List.of(
        new ModuleCommand(
            "change-master",
            "CHANGE MASTER TO, CHANGE REPLICATION SOURCE TO: another master, or another way to it;"
                + " only while the link is stopped. What is not given stays as it is; use-gtid is"
                + " for MariaDB, auto-position for MySQL.",
            ChangeMasterArguments.NAMES,
            arguments -> done(control.changeMaster(ChangeMasterArguments.parse(arguments)))),
        command(
            "start-slave",
            "START SLAVE: connects to the master, also after the link has stopped because of an"
                + " error; at once if it is waiting.",
            List.of(),
            arguments -> control.startSlave()),
        command(
            "stop-slave",
            "STOP SLAVE: disconnects from the master; replicas are served from the store.",
            List.of(),
            arguments -> control.stopSlave()),
        command(
            "reset-slave",
            "RESET SLAVE: forgets errors and the start position, with all=true also what CHANGE"
                + " MASTER said; the stored log stays.",
            List.of("[all]"),
            arguments ->
                control.resetSlave(
                    ChangeMasterArguments.isTrue("all", arguments.getOrDefault("all", "false")))),
        command(
            "set-gtid-slave-pos",
            "SET GLOBAL gtid_slave_pos: where an empty store begins; only while the link is stopped.",
            List.of("position"),
            arguments -> control.setGtidSlavePos(position(argument(arguments, "position")))),
        command(
            "set-gtid-purged",
            "SET GLOBAL gtid_purged: behind which GTID set of MySQL an empty store begins; only"
                + " while the link is stopped.",
            List.of("set"),
            arguments -> control.setGtidPurged(set(argument(arguments, "set")))),
        command(
            "purge-to",
            "PURGE BINARY LOGS TO: removes the files before this one, up to one that is being read;"
                + " replicas that are away and need them are told of.",
            List.of("file"),
            arguments -> control.purgeTo(argument(arguments, "file"))),
        command(
            "purge-before",
            "PURGE BINARY LOGS BEFORE: removes the files whose last event is older than a time, such"
                + " as 2026-01-31T00:00:00Z; replicas that are away and need them are told of.",
            List.of("time"),
            arguments -> control.purgeBefore(time(argument(arguments, "time")))));
  }

  private static ModuleCommand command(
      String name,
      String description,
      List<String> parameters,
      Function<Map<String, String>, CompletableFuture<List<ControlNote>>> order) {
    return new ModuleCommand(
        name, description, parameters, arguments -> done(order.apply(arguments)));
  }

  private static String argument(Map<String, String> arguments, String name) {
    String value = arguments.get(name);
    if (value == null || value.isEmpty()) {
      throw new CommandException(name + ": missing (expected: a value)");
    }
    return value;
  }

  private static MariaDbGtidList position(String text) {
    try {
      return MariaDbGtidList.parse(text);
    } catch (GtidFormatException e) {
      throw new CommandException("position: " + e.getMessage());
    }
  }

  private static MySqlGtidSet set(String text) {
    try {
      return MySqlGtidSet.parse(text);
    } catch (GtidFormatException e) {
      throw new CommandException("set: " + e.getMessage());
    }
  }

  private static Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new CommandException("time: " + text + " (expected: such as 2026-01-31T00:00:00Z)");
    }
  }

  /** Waits for an order; what there is to tell is shown. */
  private static Map<String, Object> done(CompletableFuture<List<ControlNote>> order) {
    List<ControlNote> notes;
    try {
      notes = order.get(SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted; the order may be carried out yet");
    } catch (TimeoutException e) {
      throw new CommandException("no outcome in " + SECONDS + " s; it may be carried out yet");
    } catch (ExecutionException e) {
      throw refusal(e);
    }
    Map<String, Object> outcome = new LinkedHashMap<>();
    outcome.put("done", true);
    outcome.put(
        "notes",
        notes.stream()
            .map(note -> note.level().label() + " " + note.code() + ": " + note.message())
            .toList());
    return outcome;
  }

  private static CommandException refusal(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ControlException refused) {
        return new CommandException(refused.code() + ": " + refused.getMessage());
      }
    }
    return new CommandException("the order could not be carried out: " + failure.getMessage());
  }
}
