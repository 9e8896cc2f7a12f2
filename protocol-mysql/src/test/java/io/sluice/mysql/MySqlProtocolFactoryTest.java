package io.sluice.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.config.Problems;
import io.sluice.api.config.Setting;
import io.sluice.api.config.Settings;
import io.sluice.api.module.ApiVersion;
import io.sluice.api.module.ModuleKind;
import io.sluice.api.protocol.BackendProtocolContext;
import io.sluice.api.server.Server;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

class MySqlProtocolFactoryTest {

  private final MySqlProtocolFactory factory = new MySqlProtocolFactory();

  private Settings server(String options) {
    Problems problems = new Problems();
    Settings settings =
        factory
            .serverSettings()
            .parse(ConfigFactory.parseString(options).root(), "options", problems);
    assertThat(problems.all()).isEmpty();
    return settings;
  }

  private static BackendProtocolContext context() {
    Server server = Mockito.mock(Server.class);
    Mockito.when(server.host()).thenReturn("db1.example");
    BackendProtocolContext context = Mockito.mock(BackendProtocolContext.class);
    Mockito.when(context.server()).thenReturn(server);
    return context;
  }

  @Test
  void shouldTellWhoItIs() {
    assertThat(factory.info().name()).isEqualTo("mysql");
    assertThat(factory.info().kind()).isEqualTo(ModuleKind.PROTOCOL);
    assertThat(factory.info().apiVersion().runsOn(ApiVersion.CURRENT)).isTrue();
  }

  @Test
  void shouldBeFoundByThePluginHost() throws IOException {
    StringBuilder indexes = new StringBuilder();
    for (URL url :
        Collections.list(getClass().getClassLoader().getResources("META-INF/extensions.idx"))) {
      try (InputStream index = url.openStream()) {
        indexes.append(new String(index.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    assertThat(indexes.toString()).contains(MySqlProtocolFactory.class.getName());
  }

  @Test
  void shouldDocumentEachSetting() {
    for (Setting<?> setting : factory.serverSettings().settings()) {
      assertThat(setting.doc()).endsWith(".");
    }
    assertThat(server("").printed()).containsEntry("tls", "verify");
  }

  @ParameterizedTest
  @ValueSource(strings = {"disable", "prefer", "require", "verify"})
  void shouldMakeABackendForEachTlsMode(String mode) {
    factory.createBackend(context(), server("tls = " + mode)).close();
  }

  @Test
  void shouldRefuseCertificatesThatCannotBeUsed() {
    assertThatThrownBy(
            () ->
                factory.createBackend(
                    context(), server("tls = verify, tls-ca-file = /does/not/exist.pem")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("tls-ca-file");
    assertThatThrownBy(
            () ->
                factory.createBackend(
                    context(), server("tls = require, tls-certificate-file = /x.pem")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("tls-key-file");
  }
}
