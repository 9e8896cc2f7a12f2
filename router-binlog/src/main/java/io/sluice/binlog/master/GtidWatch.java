package io.sluice.binlog.master;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.session.Failure;
import io.sluice.api.session.ReplyError;
import io.sluice.binlog.gtid.GtidFormatException;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.gtid.ServerVersion;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.Watermark;
import io.sluice.mysql.client.QueryClient;
import io.sluice.mysql.result.ResultSet;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a MySQL source that is followed, on a connection of its own, for what its log does not tell:
 *
 * <ul>
 *   <li>its {@code gtid_mode}. Replicas with auto position are told the mode, and go away if it is
 *       not ON. A source that turns GTIDs on while it runs changes the mode, then rotates its log.
 *   <li>its {@code gtid_purged}. {@code SET GLOBAL gtid_purged} on a source that runs leaves no
 *       trace in any file, and a fresh replica must not be served without what was added there.
 * </ul>
 *
 * <p>It is asked at each new file, and as often as the source has to say that it is alive. Not
 * answered, it is asked at the next registration, with everything else. Confined to the link's
 * loop.
 */
final class GtidWatch {
  private static final Logger LOGGER = LoggerFactory.getLogger(GtidWatch.class);
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration WITHOUT_HEARTBEAT = Duration.ofSeconds(10);
  private static final int BINARY_LOG_STATUS = 80_200;
  private static final String MODE = "gtid_mode";
  private static final String CONSISTENCY = "enforce_gtid_consistency";
  private static final String UUID = "server_uuid";
  private static final String MODE_QUESTION =
      "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('"
          + MODE
          + "', '"
          + CONSISTENCY
          + "', '"
          + UUID
          + "')";

  /** SHOW VARIABLES cuts long values off. */
  private static final String SETS_QUESTION = "SELECT @@GLOBAL.GTID_PURGED, @@GLOBAL.GTID_EXECUTED";

  private final EventLoop loop;
  private final MasterTarget target;
  private final MasterVariables variables;
  private final KnownSources sources;
  private @Nullable BinlogFileId file;
  private @Nullable Round round;
  private @Nullable ScheduledFuture<?> timer;
  private @Nullable PurgedNews news;
  private boolean again;
  private boolean watching;

  GtidWatch(EventLoop loop, MasterTarget target, MasterVariables variables, KnownSources sources) {
    this.loop = loop;
    this.target = target;
    this.variables = variables;
    this.sources = sources;
  }

  /** The store follows the source whose variables are known now. */
  void begin() {
    end();
    MasterFacts facts = variables.facts();
    watching = facts != null && !facts.gtidMode().isEmpty();
    if (watching) {
      schedule();
    }
  }

  /** The connection to the source is over: the next one asks for everything. */
  void end() {
    watching = false;
    again = false;
    news = null;
    ScheduledFuture<?> pending = timer;
    if (pending != null) {
      pending.cancel(false);
      timer = null;
    }
    Round open = round;
    round = null;
    if (open != null) {
      open.close();
    }
  }

  private void schedule() {
    Duration wanted = target.config().heartbeatPeriod();
    Duration period = wanted.isZero() ? WITHOUT_HEARTBEAT : wanted;
    long millis = Math.max(period.toMillis(), SHORTEST.toMillis());
    timer = loop.schedule(this::onTime, millis, TimeUnit.MILLISECONDS);
  }

  private void onTime() {
    if (watching) {
      ask();
      schedule();
    }
  }

  /** The log of the followed source is stored up to here. */
  void onStored(Watermark end) {
    boolean newFile = !end.file().equals(file);
    boolean first = file == null;
    file = end.file();
    if (watching && newFile && !first) {
      ask();
    }
    decide(end);
  }

  private void ask() {
    if (round != null) {
      again = true;
      return;
    }
    again = false;
    Round next = new Round();
    round = next;
    try {
      next.open();
    } catch (InvalidConfigException e) {
      round = null;
      LOGGER.atWarn().setCause(e).log("cannot ask the source for its gtid_mode and gtid_purged");
    }
  }

  private void done(Round answered) {
    if (answered == round) {
      round = null;
      if (again) {
        ask();
      }
    }
  }

  /** Behind one address may now be another server, whose log this is not. */
  private boolean isFollowed(@Nullable String uuid) {
    MasterFacts facts = variables.facts();
    return facts != null && facts.serverUuid().equals(uuid);
  }

  private boolean isOld() {
    MasterFacts facts = variables.facts();
    return facts != null && ServerVersion.number(facts.version()) < BINARY_LOG_STATUS;
  }

  private void onNews(PurgedNews heard) {
    // What waits already is not put off: it would wait for ever if there is always something new.
    if (news == null && !heard.isKnown(sources.executed())) {
      news = heard;
      decide(sources.end());
    }
  }

  private void decide(Watermark end) {
    PurgedNews waiting = news;
    if (waiting == null) {
      return;
    }
    MySqlGtidSet ours = sources.executed();
    if (waiting.isKnown(ours)) {
      news = null;
    } else if (waiting.isDecided(end, ours)) {
      news = null;
      sources.purged(waiting.purged().toString());
    }
  }

  /** One connection for one round of questions. */
  private final class Round implements QueryClient.Listener {
    private @Nullable QueryClient client;

    void open() {
      QueryClient opened = target.dial(this);
      client = opened;
      ask(opened, MODE_QUESTION, this::onMode);
    }

    private void ask(QueryClient open, String sql, Consumer<ResultSet> then) {
      open.query(
          sql,
          new QueryClient.Answer() {
            @Override
            public void onResult(ResultSet result) {
              onLoop(() -> then.accept(result));
            }

            @Override
            public void onError(ReplyError error) {
              onLoop(() -> failed(sql + ": " + error.message()));
            }
          });
    }

    private void onLoop(Runnable task) {
      loop.execute(
          () -> {
            if (round == this) {
              task.run();
            }
          });
    }

    private void onMode(ResultSet result) {
      Map<String, String> changed = new LinkedHashMap<>();
      for (int row = 0; row < result.size(); row++) {
        String name = result.value(row, 0);
        String value = result.value(row, 1);
        if (name != null && value != null) {
          changed.put(name, value);
        }
      }
      QueryClient open = client;
      if (open == null || !isFollowed(changed.get(UUID))) {
        finish();
        return;
      }
      variables.change(changed);
      ask(open, SETS_QUESTION, this::onSets);
    }

    private void onSets(ResultSet result) {
      PurgedNews heard;
      try {
        heard = new PurgedNews(set(result, 0), set(result, 1), "", 0);
      } catch (GtidFormatException e) {
        failed(String.valueOf(e.getMessage()));
        return;
      }
      QueryClient open = client;
      if (open == null || news != null || heard.isKnown(sources.executed())) {
        finish();
        return;
      }
      String sql = isOld() ? "SHOW MASTER STATUS" : "SHOW BINARY LOG STATUS";
      open.query(
          sql,
          new QueryClient.Answer() {
            @Override
            public void onResult(ResultSet end) {
              onLoop(() -> heard(behind(heard, end)));
            }

            @Override
            public void onError(ReplyError error) {
              // Without the privilege, the next transaction tells.
              onLoop(() -> heard(heard));
            }
          });
    }

    private void heard(PurgedNews what) {
      onNews(what);
      finish();
    }

    private void failed(String message) {
      LOGGER
          .atWarn()
          .addKeyValue("error", message)
          .log("cannot ask the source for its gtid_mode and gtid_purged");
      finish();
    }

    @Override
    public void onFailure(QueryClient failed, Failure failure) {
      onLoop(() -> failed(failure.message()));
    }

    private void finish() {
      close();
      done(this);
    }

    void close() {
      QueryClient open = client;
      if (open != null) {
        open.close();
      }
    }
  }

  private static MySqlGtidSet set(ResultSet result, int column) {
    String value = result.isEmpty() ? null : result.value(0, column);
    return MySqlGtidSet.parse(value == null ? "" : value);
  }

  private static PurgedNews behind(PurgedNews heard, ResultSet end) {
    String endFile = end.isEmpty() ? null : end.value(0, 0);
    String position = end.isEmpty() ? null : end.value(0, 1);
    if (endFile == null || position == null) {
      return heard;
    }
    return new PurgedNews(heard.purged(), heard.executed(), endFile, Long.parseLong(position));
  }
}
