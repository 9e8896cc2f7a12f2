package io.sluice.binlog.sql;

import io.sluice.api.session.ReplyError;
import io.sluice.binlog.gtid.GtidFormatException;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.store.BinlogStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** MySQL's: GTID sets, waiting for the log, and UUIDs. Confined to the loop of the session. */
final class MySqlFunctions implements ReplicationFunctions {
  private static final int WRONG_ARGUMENTS = 1210;

  /** Three ways to write a UUID. */
  private static final Pattern UUID_TEXT =
      Pattern.compile(
          "(?i)[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
              + "|\\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}}");

  private final SystemVariables system;
  private final BinlogStore store;
  private final PositionWait waits;
  private final UuidSource uuids;
  private final BooleanSupplier replicating;

  /**
   * The functions.
   *
   * @param replicating whether the log may grow: nobody is made to wait for ever for one that was
   *     stopped
   */
  MySqlFunctions(
      SystemVariables system,
      BinlogStore store,
      PositionWait waits,
      UuidSource uuids,
      BooleanSupplier replicating) {
    this.system = system;
    this.store = store;
    this.waits = waits;
    this.uuids = uuids;
    this.replicating = replicating;
  }

  @Override
  public @Nullable CompletableFuture<SqlValue> apply(String name, List<SqlValue> arguments) {
    PresentedVersion version = system.presented();
    return switch (name) {
      case "GTID_SUBSET" -> done(subset(arguments));
      case "GTID_SUBTRACT" -> done(subtract(arguments));
      case "WAIT_FOR_EXECUTED_GTID_SET" -> version.isAtLeast(5, 7) ? waitForGtids(arguments) : null;
      case "WAIT_UNTIL_SQL_THREAD_AFTER_GTIDS" ->
          version.isAtLeast(8, 4) ? null : waitUntilAfterGtids(arguments);
      case "MASTER_POS_WAIT" -> posWait(name, arguments);
      case "SOURCE_POS_WAIT" -> version.isAtLeast(8, 0, 26) ? posWait(name, arguments) : null;
      case "UUID" -> {
        Functions.arguments(name, arguments, 0, 0);
        yield done(SqlValue.text(uuids.next().toString()));
      }
      case "IS_UUID" -> version.isAtLeast(8, 0) ? done(isUuid(arguments)) : null;
      case "CURRENT_ROLE" -> version.isAtLeast(8, 0) ? done(currentRole(arguments)) : failed(name);
      default -> null;
    };
  }

  private static CompletableFuture<SqlValue> done(SqlValue value) {
    return CompletableFuture.completedFuture(value);
  }

  private CompletableFuture<SqlValue> failed(String name) {
    throw system.dialect().unknownFunction(name);
  }

  private static MySqlGtidSet set(@Nullable String text) {
    try {
      return MySqlGtidSet.parse(text == null ? "NULL" : text);
    } catch (GtidFormatException e) {
      throw new SqlError(new ReplyError(e.errorCode(), "HY000", String.valueOf(e.getMessage())));
    }
  }

  private static SqlValue subset(List<SqlValue> arguments) {
    Functions.arguments("GTID_SUBSET", arguments, 2, 2);
    String inner = arguments.get(0).text();
    String outer = arguments.get(1).text();
    if (inner == null || outer == null) {
      return new SqlValue(null, SqlValue.Type.BIGINT);
    }
    MySqlGtidSet wanted = set(inner);
    return SqlValue.bigint(set(outer).containsAll(wanted) ? 1 : 0);
  }

  private static SqlValue subtract(List<SqlValue> arguments) {
    Functions.arguments("GTID_SUBTRACT", arguments, 2, 2);
    String from = arguments.get(0).text();
    String what = arguments.get(1).text();
    if (from == null || what == null) {
      return new SqlValue(null, SqlValue.Type.LONG_TEXT);
    }
    MySqlGtidSet whole = set(from);
    return SqlValue.text(whole.subtract(set(what)).toString());
  }

  private CompletableFuture<SqlValue> waitForGtids(List<SqlValue> arguments) {
    String name = "WAIT_FOR_EXECUTED_GTID_SET";
    Functions.arguments(name, arguments, 1, 2);
    MySqlGtidSet wanted = set(arguments.get(0).text());
    double timeout = timeout(name, arguments, 1);
    return waits
        .until(() -> has(wanted), timeout == 0 ? -1 : timeout)
        .thenApply(outcome -> SqlValue.bigint("0".equals(outcome.text()) ? 0 : 1));
  }

  private CompletableFuture<SqlValue> waitUntilAfterGtids(List<SqlValue> arguments) {
    String name = "WAIT_UNTIL_SQL_THREAD_AFTER_GTIDS";
    Functions.arguments(name, arguments, 1, system.presented().isAtLeast(5, 7) ? 3 : 2);
    String text = arguments.get(0).text();
    if (text == null) {
      return done(new SqlValue(null, SqlValue.Type.BIGINT));
    }
    MySqlGtidSet wanted = set(text);
    return untilStopped(() -> has(wanted), timeout(name, arguments, 1));
  }

  private boolean has(MySqlGtidSet wanted) {
    return MySqlGtidSet.of(store.watermark().state()).containsAll(wanted);
  }

  private CompletableFuture<SqlValue> posWait(String name, List<SqlValue> arguments) {
    Functions.arguments(name, arguments, 2, system.presented().isAtLeast(5, 7) ? 4 : 3);
    String file = arguments.get(0).text();
    double timeout = timeout("SOURCE_POS_WAIT", arguments, 2);
    boolean channel = arguments.size() == 4 && !"".equals(arguments.get(3).text());
    if (file == null || !file.matches(".+\\.\\d+") || channel || arguments.get(1).isNull()) {
      return done(new SqlValue(null, SqlValue.Type.BIGINT));
    }
    long position = arguments.get(1).asLong();
    return untilStopped(() -> PositionWait.isReached(store.watermark(), file, position), timeout);
  }

  /** NULL as soon as the log cannot grow any more. */
  private CompletableFuture<SqlValue> untilStopped(BooleanSupplier condition, double timeout) {
    boolean[] reached = new boolean[1];
    return waits
        .until(
            () -> {
              reached[0] = replicating.getAsBoolean();
              return !reached[0] || condition.getAsBoolean();
            },
            timeout == 0 ? -1 : timeout)
        .thenApply(
            outcome -> new SqlValue(reached[0] ? outcome.text() : null, SqlValue.Type.BIGINT));
  }

  /** Seconds; zero and none are for as long as it takes. */
  private double timeout(String name, List<SqlValue> arguments, int index) {
    if (arguments.size() <= index || arguments.get(index).isNull()) {
      return 0;
    }
    double seconds = arguments.get(index).number().doubleValue();
    if (seconds < 0 && system.presented().isAtLeast(5, 7)) {
      throw new SqlError(
          new ReplyError(WRONG_ARGUMENTS, "HY000", "Incorrect arguments to " + name + "."));
    }
    return Math.max(0, seconds);
  }

  private static SqlValue isUuid(List<SqlValue> arguments) {
    Functions.arguments("IS_UUID", arguments, 1, 1);
    String text = arguments.get(0).text();
    return text == null
        ? new SqlValue(null, SqlValue.Type.BIGINT)
        : SqlValue.bigint(UUID_TEXT.matcher(text).matches() ? 1 : 0);
  }

  /** Roles are the account's business, not the session's. */
  private static SqlValue currentRole(List<SqlValue> arguments) {
    Functions.arguments("CURRENT_ROLE", arguments, 0, 0);
    return new SqlValue("NONE", SqlValue.Type.LONG_TEXT);
  }
}
