package io.sluice.binlog.sql;

import io.sluice.api.session.ReplyError;
import io.sluice.binlog.gtid.GtidFormatException;
import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MariaDbGtid;
import io.sluice.binlog.gtid.MariaDbGtidList;
import io.sluice.binlog.store.BinlogStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** MariaDB's. Confined to the event loop of the session. */
final class MariaDbFunctions implements ReplicationFunctions {
  private final BinlogStore store;
  private final PositionWait waits;
  private final Executor loop;

  MariaDbFunctions(BinlogStore store, PositionWait waits, Executor loop) {
    this.store = store;
    this.waits = waits;
    this.loop = loop;
  }

  @Override
  public @Nullable CompletableFuture<SqlValue> apply(String name, List<SqlValue> arguments) {
    return switch (name) {
      case "BINLOG_GTID_POS" -> binlogGtidPos(arguments);
      case "MASTER_GTID_WAIT" -> masterGtidWait(arguments);
      case "MASTER_POS_WAIT", "SOURCE_POS_WAIT" -> masterPosWait(name, arguments);
      default -> null;
    };
  }

  private static CompletableFuture<SqlValue> done(SqlValue value) {
    return CompletableFuture.completedFuture(value);
  }

  private CompletableFuture<SqlValue> binlogGtidPos(List<SqlValue> arguments) {
    Functions.arguments("BINLOG_GTID_POS", arguments, 2, 2);
    @Nullable String file = arguments.get(0).text();
    if (file == null || arguments.get(1).isNull()) {
      return done(new SqlValue(null, SqlValue.Type.LONG_TEXT));
    }
    return store
        .gtidAt(file, arguments.get(1).asLong())
        .thenApplyAsync(
            position ->
                new SqlValue(
                    position.map(GtidState::positionText).orElse(null), SqlValue.Type.LONG_TEXT),
            loop);
  }

  private CompletableFuture<SqlValue> masterGtidWait(List<SqlValue> arguments) {
    Functions.arguments("MASTER_GTID_WAIT", arguments, 1, 2);
    @Nullable String text = arguments.get(0).text();
    if (text == null) {
      return done(new SqlValue(null, SqlValue.Type.INT));
    }
    MariaDbGtidList wanted;
    try {
      wanted = MariaDbGtidList.parse(text);
    } catch (GtidFormatException e) {
      throw new SqlError(new ReplyError(1941, "HY000", "Could not parse GTID list"));
    }
    return waits.until(() -> has(wanted), timeout(arguments, 1));
  }

  private boolean has(MariaDbGtidList wanted) {
    MariaDbGtidList ours = MariaDbBinlogState.of(store.watermark().state()).position();
    for (MariaDbGtid gtid : wanted) {
      MariaDbGtid reached = ours.get(gtid.domain());
      if (reached == null || !reached.reaches(gtid.sequence())) {
        return false;
      }
    }
    return true;
  }

  private CompletableFuture<SqlValue> masterPosWait(String name, List<SqlValue> arguments) {
    Functions.arguments(name, arguments, 2, 4);
    @Nullable String file = arguments.get(0).text();
    if (file == null || arguments.get(1).isNull()) {
      return done(new SqlValue(null, SqlValue.Type.INT));
    }
    long position = arguments.get(1).asLong();
    return waits.until(
        () -> PositionWait.isReached(store.watermark(), file, position), timeout(arguments, 2));
  }

  /** Seconds, or a negative number for as long as it takes. */
  private static double timeout(List<SqlValue> arguments, int index) {
    if (arguments.size() <= index || arguments.get(index).isNull()) {
      return -1;
    }
    return arguments.get(index).number().doubleValue();
  }
}
