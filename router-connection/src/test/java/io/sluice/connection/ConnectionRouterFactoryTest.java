package io.sluice.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.config.Problems;
import io.sluice.api.router.Router;
import io.sluice.api.router.RouterContext;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionRouterFactoryTest {

  private static final FakeServer SERVER = new FakeServer("db1");

  private static Router make(boolean monitored, String options) {
    ConnectionRouterFactory factory = new ConnectionRouterFactory();
    Problems problems = new Problems();
    var settings =
        factory.settings().parse(ConfigFactory.parseString(options).root(), "options", problems);
    assertThat(problems.all()).isEmpty();
    FakeSession.View view = new FakeSession.View(List.of(SERVER), monitored);
    RouterContext context =
        (RouterContext)
            Proxy.newProxyInstance(
                RouterContext.class.getClassLoader(),
                new Class<?>[] {RouterContext.class},
                (proxy, method, arguments) -> {
                  assertThat(method.getName()).isEqualTo("service");
                  return view;
                });
    return factory.createInstance(context, settings);
  }

  @Test
  void shouldNeedNoMonitorForAnyServer() {
    Router router = make(false, "");
    assertThat(router.capabilities()).isEmpty();
    assertThat(router.diagnostics())
        .containsEntry("target", "any")
        .containsEntry(
            "servers",
            List.of(
                Map.of(
                    "server",
                    "db1",
                    "role",
                    "",
                    "connections",
                    0,
                    "sessions",
                    0L,
                    "failures",
                    0L)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "target = master",
        "target = replica",
        "master-accept-reads = false",
        "max-replication-lag = 5s"
      })
  void shouldNeedAMonitorForWhatOnlyAMonitorKnows(String options) {
    assertThat(make(true, options)).isNotNull();
    assertThatThrownBy(() -> make(false, options))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("service app")
        .hasMessageContaining("monitor");
  }
}
