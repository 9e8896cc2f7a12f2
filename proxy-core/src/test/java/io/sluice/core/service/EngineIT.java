package io.sluice.core.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.core.lines.FakeFilter;
import io.sluice.core.lines.FakeRouter;
import io.sluice.core.lines.LineHarness;
import io.sluice.core.lines.LineProtocol;
import io.sluice.core.net.ListenException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the engine is put together and taken down. */
class EngineIT {

  @TempDir private Path dataDir;
  private final LineProtocol protocol = new LineProtocol();
  private final FakeRouter router = new FakeRouter();
  private Engine engine;

  @BeforeEach
  void make() {
    engine =
        new Engine(
            EngineSettings.defaults(dataDir).withThreads(1),
            Clock.systemUTC(),
            new SimpleMeterRegistry());
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private ServiceSpec spec(List<FilterRuntime> filters, int port) {
    return new ServiceSpec(
        "app",
        router,
        LineHarness.NONE,
        List.of(engine.addServer("db1", "127.0.0.1", 1, protocol, LineHarness.NONE)),
        true,
        new PasswordCredentials("ann", "secret"),
        filters,
        List.of(new ListenerSpec("main", "127.0.0.1", port, protocol, LineHarness.NONE)));
  }

  @Test
  void shouldShowServicesListenersAndServers() {
    FakeFilter fake = new FakeFilter("qlog", new ArrayList<>());
    FilterRuntime filter = engine.addFilter("qlog", fake, LineHarness.NONE);
    Service service = engine.addService(spec(List.of(filter), 0));
    assertThat(service.state()).isEqualTo("created");
    assertThat(engine.isRunning()).isFalse();
    engine.start();
    assertThat(engine.isRunning()).isTrue();
    assertThat(service.state()).isEqualTo("running");
    assertThat(service.startedAt()).isPresent();
    assertThat(service.router()).isEqualTo("pass");
    assertThat(service.isMonitored()).isTrue();
    assertThat(service.servers()).extracting("name").containsExactly("db1");
    assertThat(service.filters()).extracting(FilterRuntime::module).containsExactly("note");
    assertThat(router.context.service().credentials())
        .contains(new PasswordCredentials("ann", "secret"));
    ListenerInfo listener = service.listeners().get(0).info();
    assertThat(listener.state()).isEqualTo("running");
    assertThat(listener.port()).isPositive();
    assertThat(listener.protocol()).isEqualTo("lines");
    assertThat(router.context.dataDirectory()).isEqualTo(dataDir.resolve("services/app"));
    engine.close();
    assertThat(service.state()).isEqualTo("stopped");
    assertThat(service.listeners().get(0).info().state()).isEqualTo("stopped");
    assertThat(fake.closed).hasValue(1);
    assertThat(router.routersClosed).hasValue(1);
    assertThat(protocol.listenersClosed).hasValue(1);
    assertThat(protocol.backendsClosed).hasValue(1);
    assertThat(engine.eventLoops().group().isTerminated()).isTrue();
    assertThatThrownBy(engine::start).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void shouldTakeDownWhatIsThereWhenAListenerCannotBind() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Service service = engine.addService(spec(List.of(), taken.getLocalPort()));
      assertThatThrownBy(engine::start)
          .isInstanceOf(ListenException.class)
          .hasMessageContaining("app-main");
      assertThat(engine.isRunning()).isFalse();
      assertThat(service.listeners().get(0).info().state()).isEqualTo("failed");
      engine.close();
      assertThat(router.routersClosed).hasValue(1);
      assertThat(protocol.listenersClosed).hasValue(1);
    }
  }

  @Test
  void shouldCloseTheRouterWhenAListenersProtocolCannotBeMade() {
    LineProtocol broken = new LineProtocol();
    ServiceSpec good = spec(List.of(), 0);
    io.sluice.api.protocol.ProtocolFactory failing =
        new io.sluice.api.protocol.ProtocolFactory() {
          @Override
          public io.sluice.api.module.ModuleInfo info() {
            return broken.info();
          }

          @Override
          public io.sluice.api.config.SettingsSpec settings() {
            return broken.settings();
          }

          @Override
          public io.sluice.api.config.SettingsSpec serverSettings() {
            return broken.serverSettings();
          }

          @Override
          public io.sluice.api.protocol.ClientProtocol createListener(
              io.sluice.api.protocol.ListenerContext context,
              io.sluice.api.config.Settings settings) {
            throw new IllegalStateException("no key");
          }

          @Override
          public io.sluice.api.protocol.BackendProtocol createBackend(
              io.sluice.api.protocol.BackendProtocolContext context,
              io.sluice.api.config.Settings settings) {
            return broken.createBackend(context, settings);
          }
        };
    ServiceSpec bad =
        new ServiceSpec(
            "app",
            router,
            LineHarness.NONE,
            good.servers(),
            false,
            null,
            List.of(),
            List.of(
                new ListenerSpec("main", "127.0.0.1", 0, protocol, LineHarness.NONE),
                new ListenerSpec("tls", "127.0.0.1", 0, failing, LineHarness.NONE)));
    assertThatThrownBy(() -> engine.addService(bad)).hasMessage("no key");
    assertThat(engine.services()).isEmpty();
    assertThat(router.routersClosed).hasValue(1);
    assertThat(protocol.listenersClosed).hasValue(1);
  }
}
