package io.sluice.core.monitor;

import io.sluice.api.config.Settings;
import io.sluice.api.monitor.Monitor;
import io.sluice.api.monitor.MonitorContext;
import io.sluice.api.monitor.MonitorFactory;
import io.sluice.api.server.Server;
import io.sluice.api.server.ServerState;
import io.sluice.api.session.Credentials;
import io.sluice.core.context.ModuleContextImpl;
import io.sluice.core.context.SharedParts;
import io.sluice.core.server.ServerBoard;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A monitor of the configuration, running. Thread-safe. What it publishes is taken for its own
 * servers only, and for none once it is closed.
 */
public final class MonitorRuntime {

  /** What a monitor is told by its section of the configuration. Immutable. */
  public record Watch(
      List<? extends Server> servers, @Nullable Credentials credentials, Duration interval) {

    /** Copies the list. */
    public Watch {
      servers = List.copyOf(servers);
    }
  }

  private final String name;
  private final String module;
  private final Watch watch;
  private final ServerBoard board;
  private final Monitor monitor;
  private final Object lock = new Object();
  private volatile String state = "created";
  private boolean closed;

  /** Makes the monitor; it begins with {@link #start}. */
  public MonitorRuntime(
      String name,
      MonitorFactory factory,
      Settings options,
      Watch watch,
      ServerBoard board,
      SharedParts shared) {
    this.name = name;
    this.module = factory.info().name();
    this.watch = watch;
    this.board = board;
    this.monitor = factory.createInstance(new Context(shared), options);
  }

  /** Begins to watch. */
  public void start() {
    monitor.start();
    state = "running";
  }

  /** Ends; nothing is published any more. More than once is fine. */
  public void close() {
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
    }
    state = "stopped";
    monitor.close();
  }

  private void publish(Server server, ServerState next) {
    if (!watch.servers().contains(server)) {
      throw new IllegalArgumentException(
          "server: "
              + server.name()
              + " (expected: one of "
              + watch.servers().stream().map(Server::name).toList()
              + ")");
    }
    synchronized (lock) {
      if (!closed) {
        board.publish(server, next);
      }
    }
  }

  /** Its name in the configuration. */
  public String name() {
    return name;
  }

  /** The name of its module. */
  public String module() {
    return module;
  }

  /** What it watches. */
  public List<Server> servers() {
    return List.copyOf(watch.servers());
  }

  /** The time between rounds. */
  public Duration interval() {
    return watch.interval();
  }

  /** The module's monitor, for diagnostics and commands. */
  public Monitor monitor() {
    return monitor;
  }

  /** What it is doing: created, running or stopped. */
  public String state() {
    return state;
  }

  private final class Context extends ModuleContextImpl implements MonitorContext {

    Context(SharedParts shared) {
      super(shared, "monitors", name);
    }

    @Override
    public List<Server> servers() {
      return MonitorRuntime.this.servers();
    }

    @Override
    public Optional<Credentials> credentials() {
      return Optional.ofNullable(watch.credentials());
    }

    @Override
    public Duration interval() {
      return watch.interval();
    }

    @Override
    public void publish(Server server, ServerState next) {
      MonitorRuntime.this.publish(server, next);
    }
  }
}
