package io.sluice.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import io.sluice.api.module.ApiVersion;
import io.sluice.api.module.Maturity;
import io.sluice.api.module.ModuleInfo;
import io.sluice.api.module.ModuleKind;
import io.sluice.api.monitor.Monitor;
import io.sluice.api.monitor.MonitorContext;
import io.sluice.api.monitor.MonitorFactory;
import io.sluice.api.server.ServerState;
import io.sluice.api.server.ServerStatus;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.core.server.ConfiguredServer;
import io.sluice.core.service.Engine;
import io.sluice.core.service.EngineSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MonitorRuntimeTest implements MonitorFactory {

  @TempDir private Path dataDir;
  private MonitorContext context;
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();

  @Override
  public ModuleInfo info() {
    return new ModuleInfo(
        "ping", ModuleKind.MONITOR, ApiVersion.CURRENT, Maturity.ALPHA, "Says what a test says.");
  }

  @Override
  public SettingsSpec settings() {
    return SettingsSpec.EMPTY;
  }

  @Override
  public Monitor createInstance(MonitorContext given, Settings settings) {
    context = given;
    return new Monitor() {
      @Override
      public void start() {
        started.incrementAndGet();
      }

      @Override
      public void close() {
        closed.incrementAndGet();
        context.publish(context.servers().get(0), state(ServerStatus.UP));
      }
    };
  }

  private static ServerState state(ServerStatus status) {
    return new ServerState(status, Set.of(), List.of(), null, "", Instant.EPOCH, Map.of());
  }

  @Test
  void shouldPublishForItsOwnServersUntilItIsClosed() {
    Engine engine =
        new Engine(
            EngineSettings.defaults(dataDir).withThreads(1),
            Clock.systemUTC(),
            new io.micrometer.core.instrument.simple.SimpleMeterRegistry());
    try {
      ConfiguredServer mine = engine.board().add("mine", "h", 1, "lines");
      ConfiguredServer other = engine.board().add("other", "h", 2, "lines");
      MonitorRuntime monitor =
          engine.addMonitor(
              "main",
              this,
              Settings.defaults(SettingsSpec.EMPTY),
              List.of(mine),
              new PasswordCredentials("ann", "secret"),
              Duration.ofSeconds(2));
      assertThat(monitor.state()).isEqualTo("created");
      assertThat(context.name()).isEqualTo("main");
      assertThat(context.servers()).containsExactly(mine);
      assertThat(context.interval()).isEqualTo(Duration.ofSeconds(2));
      assertThat(context.credentials()).contains(new PasswordCredentials("ann", "secret"));
      assertThat(context.dataDirectory()).isEqualTo(dataDir.resolve("monitors/main"));
      context.meters().counter("probes").increment();
      assertThat(engine.shared().meters().get("probes").tag("monitor", "main").counter().count())
          .isEqualTo(1);

      engine.start();
      assertThat(started).hasValue(1);
      assertThat(monitor.state()).isEqualTo("running");
      context.publish(mine, state(ServerStatus.DOWN));
      assertThat(mine.state().status()).isEqualTo(ServerStatus.DOWN);
      assertThatThrownBy(() -> context.publish(other, state(ServerStatus.UP)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("other")
          .hasMessageContaining("mine");
    } finally {
      engine.close();
    }
    engine.close();
    assertThat(closed).hasValue(1);
    ConfiguredServer mine = engine.board().find("mine").orElseThrow();
    assertThat(mine.state().status()).isEqualTo(ServerStatus.DOWN);
    context.publish(mine, state(ServerStatus.UP));
    assertThat(mine.state().status()).isEqualTo(ServerStatus.DOWN);
    assertThat(engine.monitors().get(0).state()).isEqualTo("stopped");
  }
}
