package io.sluice.monitors.mariadb;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.api.context.InternalClients;
import io.sluice.api.server.Server;
import io.sluice.api.session.Credentials;
import io.sluice.api.session.Failure;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.client.QueryClient;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.request.ServerGreeting;
import io.sluice.mysql.result.ResultSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks one server how it is, over one connection that is kept from round to round. Confined to the
 * monitor's event loop; answers of the client's own loop hop over.
 */
final class ServerProbe {

  private static final String VARIABLES =
      "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('server_id', 'read_only', 'version',"
          + " 'gtid_current_pos', 'gtid_executed')";

  private static final List<String> MARIADB =
      List.of("SHOW ALL SLAVES STATUS", "SHOW SLAVE STATUS");
  private static final List<String> MYSQL = List.of("SHOW REPLICA STATUS", "SHOW SLAVE STATUS");

  private final String monitor;
  private final Server server;
  private final Credentials credentials;
  private final InternalClients clients;
  private final EventLoop loop;
  private final Duration timeout;

  private @Nullable QueryClient client;
  private @Nullable Consumer<Observation> waiting;
  private @Nullable ScheduledFuture<?> timer;

  /** Counts rounds, so that what comes too late is known as such. */
  private int round;

  private boolean ready;

  ServerProbe(
      String monitor,
      Server server,
      Credentials credentials,
      InternalClients clients,
      EventLoop loop,
      Duration timeout) {
    this.monitor = monitor;
    this.server = server;
    this.credentials = credentials;
    this.clients = clients;
    this.loop = loop;
    this.timeout = timeout;
  }

  Server server() {
    return server;
  }

  /** Asks; the answer comes later, and only once. */
  void begin(Consumer<Observation> answer) {
    int current = ++round;
    waiting = answer;
    timer =
        loop.schedule(
            () ->
                failed(
                    current,
                    (ready ? "no answer within " : "not connected within ")
                        + timeout.toMillis()
                        + " ms"),
            timeout.toMillis(),
            TimeUnit.MILLISECONDS);
    QueryClient open = client;
    if (open == null || !open.isOpen()) {
      ready = false;
      open =
          QueryClient.open(clients, "monitor: " + monitor, server, credentials, new Connection());
      client = open;
    }
    QueryClient asked = open;
    asked.query(VARIABLES, new Step(current, rows -> askReplication(current, asked, rows)));
  }

  private void askReplication(int current, QueryClient asked, ResultSet rows) {
    ready = true;
    Map<String, String> variables = StatusReader.variables(rows);
    boolean mariaDb =
        server.attributes().get(ServerGreeting.KEY).map(ServerGreeting::isMariaDb).orElse(true);
    askStatus(current, asked, variables, mariaDb ? MARIADB : MYSQL, 0);
  }

  private void askStatus(
      int current, QueryClient asked, Map<String, String> variables, List<String> forms, int form) {
    asked.query(
        forms.get(form),
        new Step(current, rows -> found(current, variables, StatusReader.links(rows), "")) {
          @Override
          void refused(ReplyError error) {
            boolean unknown = error.code() == ErrorCode.PARSE_ERROR.number();
            if (unknown && form + 1 < forms.size()) {
              askStatus(current, asked, variables, forms, form + 1);
            } else {
              found(current, variables, null, "replication status refused: " + error);
            }
          }
        });
  }

  private void found(
      int current,
      Map<String, String> variables,
      @Nullable List<ReplicaLink> links,
      String problem) {
    String gtid = variables.get("gtid_current_pos");
    answer(
        current,
        new Observation(
            true,
            problem,
            StatusReader.isOn(variables.get("read_only")),
            StatusReader.number(variables.getOrDefault("server_id", "0")),
            variables.getOrDefault("version", ""),
            gtid == null ? variables.getOrDefault("gtid_executed", "") : gtid,
            links));
  }

  private void failed(int current, String problem) {
    if (current == round) {
      drop();
      answer(current, Observation.down(problem));
    }
  }

  private void answer(int current, Observation observation) {
    Consumer<Observation> consumer = waiting;
    if (current != round || consumer == null) {
      return;
    }
    waiting = null;
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    consumer.accept(observation);
  }

  private void drop() {
    QueryClient open = client;
    client = null;
    ready = false;
    if (open != null) {
      open.close();
    }
  }

  /** Ends it; a round under way gets no answer. */
  void close() {
    round++;
    waiting = null;
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    drop();
  }

  private void onLoop(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else if (!loop.isShuttingDown()) {
      loop.execute(task);
    }
  }

  /** How the connection fares. */
  private final class Connection implements QueryClient.Listener {

    @Override
    public void onFailure(QueryClient failed, Failure failure) {
      onLoop(
          () -> {
            if (failed == client) {
              ReplyError error = failure.error();
              failed(round, error == null ? failure.message() : error.toString());
              drop();
            }
          });
    }
  }

  /** One answer within a round. */
  private class Step implements QueryClient.Answer {

    private final int current;
    private final Consumer<ResultSet> next;

    Step(int current, Consumer<ResultSet> next) {
      this.current = current;
      this.next = next;
    }

    @Override
    public final void onResult(ResultSet result) {
      onLoop(
          () -> {
            if (current == round) {
              next.accept(result);
            }
          });
    }

    @Override
    public final void onError(ReplyError error) {
      onLoop(
          () -> {
            if (current == round) {
              refused(error);
            }
          });
    }

    void refused(ReplyError error) {
      failed(current, error.toString());
    }
  }
}
