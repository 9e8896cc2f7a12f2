package io.sluice.core.lines;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import io.sluice.api.server.Server;
import io.sluice.core.service.Engine;
import io.sluice.core.service.EngineSettings;
import io.sluice.core.service.FilterRuntime;
import io.sluice.core.service.ListenerSpec;
import io.sluice.core.service.Service;
import io.sluice.core.service.ServiceSpec;
import io.sluice.core.session.SessionInfo;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.leak.BlockingGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** An engine with one service of the line protocol, two event loops, on loopback. */
public final class LineHarness implements AutoCloseable {

  public static final Settings NONE = Settings.defaults(SettingsSpec.EMPTY);

  public final LineProtocol protocol = new LineProtocol();
  public final FakeRouter router = new FakeRouter();
  public final List<String> notes = new java.util.concurrent.CopyOnWriteArrayList<>();
  public final Path dataDir;
  public final Engine engine;
  public final Service service;

  public LineHarness(List<LineServer> servers, String... filters) {
    this(settings -> settings, servers, filters);
  }

  public LineHarness(
      UnaryOperator<EngineSettings> change, List<LineServer> servers, String... filters) {
    this(change, Duration.ZERO, servers, filters);
  }

  public LineHarness(
      UnaryOperator<EngineSettings> change,
      Duration keepAlive,
      List<LineServer> servers,
      String... filters) {
    BlockingGuard.install();
    try {
      dataDir = Files.createTempDirectory("engine");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    engine =
        new Engine(
            change.apply(EngineSettings.defaults(dataDir).withThreads(2)),
            Clock.systemUTC(),
            new SimpleMeterRegistry());
    List<Server> added = new ArrayList<>();
    for (LineServer server : servers) {
      added.add(engine.addServer("s" + added.size(), "localhost", server.port(), protocol, NONE));
    }
    List<FilterRuntime> chain = new ArrayList<>();
    for (String filter : filters) {
      chain.add(engine.addFilter(filter, new FakeFilter(filter, notes), NONE));
    }
    service =
        engine.addService(
            new ServiceSpec(
                "app",
                router,
                NONE,
                added,
                false,
                null,
                chain,
                List.of(new ListenerSpec("main", "127.0.0.1", 0, protocol, NONE)),
                keepAlive));
    engine.start();
  }

  public int port() {
    return service.listeners().get(0).info().port();
  }

  public LineClient connect() throws IOException {
    return new LineClient(port());
  }

  public LineClient login(String user) throws IOException {
    return connect().login(user);
  }

  /** The client sessions. */
  public List<SessionInfo> clients() {
    return engine.sessions().list().stream().filter(info -> !info.internal()).toList();
  }

  /** Waits until all client sessions have ended and checks that each part was closed once. */
  public void awaitNoSessions() {
    Await.until(
        "no session is left",
        Duration.ofSeconds(60),
        () -> engine.sessions().count() == 0 && service.currentSessions() == 0,
        () -> engine.sessions().list().toString());
    if (router.opened.get() != router.closed.get()) {
      throw new AssertionError("opened " + router.opened + ", closed " + router.closed);
    }
  }

  @Override
  public void close() throws IOException {
    engine.close();
    try (var files = Files.walk(dataDir)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    }
  }
}
