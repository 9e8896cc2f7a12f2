package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.binlog.control.ControlException;
import io.sluice.binlog.control.MasterChange;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.leak.BlockingGuard;
import io.sluice.testkit.server.MariaDbServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way to a real master, encrypted as CHANGE MASTER says. */
class MasterTlsIT {
  @TempDir Path data;

  @BeforeAll
  static void watchForBlocking() {
    BlockingGuard.install();
  }

  private static void awaitError(RelayHarness relay, int code) {
    Await.until(
        "error " + code,
        Duration.ofSeconds(60),
        () -> Integer.valueOf(code).equals(relay.link().get("last_error_code")),
        () -> String.valueOf(relay.link()));
  }

  @Test
  void shouldEncryptAsChangeMasterSays() throws Exception {
    try (MariaDbServer master = MariaDbServer.builder().serverId(1).binlog("m-bin").tls().start()) {
      RelayHarness.createUser(master);
      master.execute("ALTER USER " + RelayHarness.USER + " REQUIRE SSL");
      try (RelayHarness relay = RelayHarness.start(data, master)) {
        relay.awaitState("stopped");
        assertThat(relay.link()).containsEntry("last_error_code", 1045);

        relay.changeMaster(MasterChange.builder().ssl(true));
        relay.awaitState("streaming");
        master.execute("CREATE DATABASE d");
        relay.awaitStored(master);

        Path ca = Files.writeString(data.resolve("other-ca.pem"), otherAuthority());
        relay.changeMaster(MasterChange.builder().sslVerify(true).sslCa(ca.toString()));
        awaitError(relay, 2026);
        assertThat(relay.link().get("last_error").toString())
            .startsWith("error connecting to master 'repl@127.0.0.1:" + master.port())
            .contains("TLS/SSL error: ");
        relay.awaitState("waiting to reconnect");

        relay.changeMaster(MasterChange.builder().sslVerify(false).sslCa(""));
        relay.awaitState("streaming");

        RelayHarness.done(relay.control().stopSlave());
        assertThatThrownBy(
                () ->
                    RelayHarness.done(
                        relay
                            .control()
                            .changeMaster(MasterChange.builder().sslKey("no-such.pem").build())))
            .hasCauseInstanceOf(ControlException.class);
      }
    }
  }

  /** A certificate that did not sign the server's. */
  private String otherAuthority() throws Exception {
    Path store = data.resolve("other.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "other",
                "-keyalg",
                "EC",
                "-dname",
                "CN=other",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit")
            .redirectErrorStream(true)
            .start();
    assertThat(new String(keytool.getInputStream().readAllBytes())).isNotNull();
    assertThat(keytool.waitFor()).isZero();
    java.security.KeyStore keys = java.security.KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(store)) {
      keys.load(in, "changeit".toCharArray());
    }
    return "-----BEGIN CERTIFICATE-----\n"
        + java.util.Base64.getMimeEncoder()
            .encodeToString(keys.getCertificate("other").getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }
}
