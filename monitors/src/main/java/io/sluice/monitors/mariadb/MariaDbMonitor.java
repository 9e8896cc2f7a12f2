package io.sluice.monitors.mariadb;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.api.monitor.Monitor;
import io.sluice.api.monitor.MonitorContext;
import io.sluice.api.server.Server;
import io.sluice.api.server.ServerState;
import io.sluice.api.session.Credentials;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks all servers in rounds and publishes what they are. One event loop does all of it. */
final class MariaDbMonitor implements Monitor {

  private static final Logger LOGGER = LoggerFactory.getLogger(MariaDbMonitor.class);

  private final MonitorContext context;
  private final MonitorSettings settings;
  private final EventLoop loop;
  private final List<ServerProbe> probes = new ArrayList<>();
  private final Map<Server, Observation> round = new LinkedHashMap<>();

  private @Nullable ScheduledFuture<?> timer;
  private @Nullable Server writer;
  private boolean noWriterSaid;
  private int lastCandidates;
  private volatile boolean closed;
  private final AtomicLong rounds = new AtomicLong();

  MariaDbMonitor(MonitorContext context, Credentials credentials, MonitorSettings settings) {
    this.context = context;
    this.settings = settings;
    this.loop = context.eventLoops().next();
    for (Server server : context.servers()) {
      probes.add(
          new ServerProbe(
              context.name(),
              server,
              credentials,
              context.internalClients(),
              loop,
              settings.probeTimeout()));
    }
  }

  @Override
  public void start() {
    loop.execute(this::beginRound);
  }

  private void beginRound() {
    if (closed) {
      return;
    }
    long started = System.nanoTime();
    round.clear();
    if (probes.isEmpty()) {
      return;
    }
    for (ServerProbe probe : probes) {
      probe.begin(
          observation -> {
            round.put(probe.server(), observation);
            if (round.size() == probes.size()) {
              endRound(started);
            }
          });
    }
  }

  private void endRound(long started) {
    Map<Server, Observation> ordered = new LinkedHashMap<>();
    for (ServerProbe probe : probes) {
      Observation observation = round.get(probe.server());
      if (observation != null) {
        ordered.put(probe.server(), observation);
      }
    }
    if (closed) {
      return;
    }
    Topology topology = new Topology(ordered, settings, writer);
    say(topology);
    Instant now = context.clock().instant();
    for (Server server : ordered.keySet()) {
      context.publish(server, topology.state(server, now));
    }
    rounds.incrementAndGet();
    long spent = System.nanoTime() - started;
    long wait = Math.max(0, context.interval().toNanos() - spent);
    timer = loop.schedule(this::beginRound, wait, TimeUnit.NANOSECONDS);
  }

  /** Logs what changed, once. */
  private void say(Topology topology) {
    Server found = topology.writer();
    if (found == null && !noWriterSaid) {
      noWriterSaid = true;
      LOGGER.atWarn().addKeyValue("monitor", context.name()).log("there is no master");
    } else if (found != null && (noWriterSaid || !found.equals(writer))) {
      noWriterSaid = false;
      LOGGER
          .atInfo()
          .addKeyValue("monitor", context.name())
          .addKeyValue("server", found.name())
          .log("this is the master");
    }
    if (topology.candidates() != lastCandidates && topology.candidates() > 1 && found != null) {
      LOGGER
          .atWarn()
          .addKeyValue("monitor", context.name())
          .addKeyValue("candidates", topology.candidates())
          .addKeyValue("server", found.name())
          .log("several servers could be the master; took the one with most replicas");
    }
    lastCandidates = topology.candidates();
    if (found != null) {
      writer = found;
    }
  }

  @Override
  public Map<String, Object> diagnostics() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Server server : context.servers()) {
      ServerState state = server.state();
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("server", server.name());
      row.put("state", String.join(", ", state.labels()));
      row.put("lag", state.lag() == null ? "" : Long.toString(state.lag().toSeconds()));
      row.put("message", state.message());
      row.putAll(state.details());
      rows.add(row);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("rounds", rounds.get());
    all.put("servers", rows);
    return all;
  }

  @Override
  public void close() {
    closed = true;
    if (!loop.isShuttingDown()) {
      loop.execute(
          () -> {
            if (timer != null) {
              timer.cancel(false);
            }
            probes.forEach(ServerProbe::close);
          });
    }
  }
}
