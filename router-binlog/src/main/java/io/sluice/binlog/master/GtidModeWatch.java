package io.sluice.binlog.master;

import io.netty.channel.EventLoop;
import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.session.Failure;
import io.sluice.api.session.ReplyError;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.mysql.client.QueryClient;
import io.sluice.mysql.result.ResultSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a MySQL source for its {@code gtid_mode} again when it has begun a new file: a source that
 * turns GTIDs on while it runs changes the mode, then rotates its log, at each of the three steps.
 * Replicas with auto position are told the mode, and go away if it is not ON. Not answered, it is
 * asked at the next registration, with everything else. Confined to the link's loop.
 */
final class GtidModeWatch {
  private static final Logger LOGGER = LoggerFactory.getLogger(GtidModeWatch.class);
  private static final String MODE = "gtid_mode";
  private static final String CONSISTENCY = "enforce_gtid_consistency";
  private static final String UUID = "server_uuid";
  private static final String QUESTION =
      "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('"
          + MODE
          + "', '"
          + CONSISTENCY
          + "', '"
          + UUID
          + "')";

  private final EventLoop loop;
  private final MasterTarget target;
  private final MasterVariables variables;
  private @Nullable BinlogFileId file;
  private boolean asking;
  private boolean again;

  GtidModeWatch(EventLoop loop, MasterTarget target, MasterVariables variables) {
    this.loop = loop;
    this.target = target;
    this.variables = variables;
  }

  /** Something of that file, which is the followed source's, was stored. */
  void onStored(BinlogFileId current) {
    if (current.equals(file)) {
      return;
    }
    boolean first = file == null;
    file = current;
    MasterFacts facts = variables.facts();
    if (first || facts == null || facts.gtidMode().isEmpty()) {
      return;
    }
    if (asking) {
      again = true;
    } else {
      ask();
    }
  }

  private void ask() {
    asking = true;
    again = false;
    try {
      target.dial(new Question());
    } catch (InvalidConfigException e) {
      asking = false;
      LOGGER.atWarn().setCause(e).log("cannot ask the source for its gtid_mode");
    }
  }

  private void done() {
    asking = false;
    if (again) {
      ask();
    }
  }

  /** One connection for one question. */
  private final class Question implements QueryClient.Listener, QueryClient.Answer {
    private @Nullable QueryClient client;

    @Override
    public void onReady(QueryClient opened) {
      client = opened;
      opened.query(QUESTION, this);
    }

    @Override
    public void onResult(ResultSet result) {
      Map<String, String> changed = new LinkedHashMap<>();
      for (int row = 0; row < result.size(); row++) {
        String name = result.value(row, 0);
        String value = result.value(row, 1);
        if (name != null && value != null) {
          changed.put(name, value);
        }
      }
      close();
      loop.execute(
          () -> {
            // Behind one address may now be another server, whose log this is not.
            MasterFacts facts = variables.facts();
            if (facts != null && facts.serverUuid().equals(changed.get(UUID))) {
              variables.change(changed);
            }
            done();
          });
    }

    @Override
    public void onError(ReplyError error) {
      close();
      failed(error.message());
    }

    @Override
    public void onFailure(QueryClient failed, Failure failure) {
      failed(failure.message());
    }

    private void failed(String message) {
      LOGGER.atWarn().addKeyValue("error", message).log("cannot ask the source for its gtid_mode");
      loop.execute(GtidModeWatch.this::done);
    }

    private void close() {
      QueryClient open = client;
      if (open != null) {
        open.close();
      }
    }
  }
}
