package io.sluice.binlog.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterConfigFileTest {
  private static final MasterConfig CONFIGURED =
      new MasterConfig(
          MasterConfig.Origin.CONFIGURATION,
          "db1",
          3306,
          "repl",
          "from the file",
          MasterTls.OFF,
          UseGtid.NO,
          new StartPoint.First(),
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          0,
          MasterPublicKey.DEFAULT,
          false,
          true);

  private static final MasterConfig CHANGED =
      new MasterConfig(
          MasterConfig.Origin.CHANGE_MASTER,
          "db2",
          3307,
          "other",
          "pässword'\"",
          new MasterTls(true, true, true, "ca.pem", "cert.pem", "key.pem"),
          UseGtid.SLAVE_POS,
          StartPoint.parse("0-1-100,7-2-3"),
          Duration.ofMillis(1500),
          Duration.ofSeconds(7),
          86400,
          new MasterPublicKey(true, "key.pem"),
          true,
          false);

  @TempDir Path directory;
  private Path json;
  private Path key;
  private MasterConfigFile file;

  @BeforeEach
  void open() {
    json = directory.resolve("master.json");
    key = directory.resolve("master.key");
    file = new MasterConfigFile(json, key);
  }

  @Test
  void shouldFollowTheConfigurationWithoutAFile() throws Exception {
    assertThat(file.load(CONFIGURED)).isEqualTo(CONFIGURED);
  }

  @Test
  void shouldKeepEverything() throws Exception {
    file.save(CHANGED, CONFIGURED);
    assertThat(new MasterConfigFile(json, key).load(CONFIGURED)).isEqualTo(CHANGED);
    assertThat(Files.list(directory)).hasSize(2);
  }

  @Test
  void shouldKeepAStopWithoutATarget() throws Exception {
    file.save(CONFIGURED.withWantsRunning(false), CONFIGURED);
    assertThat(file.load(CONFIGURED)).isEqualTo(CONFIGURED.withWantsRunning(false));
    assertThat(key).doesNotExist();
  }

  @Test
  void shouldNotShowThePasswordAndSealItAnewEachTime() throws Exception {
    file.save(CHANGED, CONFIGURED);
    String first = Files.readString(json);
    assertThat(first).contains("db2").doesNotContain("pässword").doesNotContain("from the file");
    file.save(CHANGED, CONFIGURED);
    assertThat(Files.readString(json)).isNotEqualTo(first);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(json)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    assertThat(CHANGED.toString()).doesNotContain("pässword");
  }

  @Test
  void shouldRefuseABrokenFile() throws Exception {
    Files.writeString(json, "{ \"version\" : 1, \"running\" : tr");
    assertThatThrownBy(() -> file.load(CONFIGURED))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("master.json: cannot be understood");
  }

  @Test
  void shouldRefuseWhatItDoesNotKnow() throws Exception {
    file.save(CHANGED, CONFIGURED);
    Files.writeString(json, Files.readString(json).replace("\"running\"", "\"walking\""));
    assertThatThrownBy(() -> file.load(CONFIGURED)).isInstanceOf(IOException.class);
    Files.writeString(json, "{\"version\":3,\"running\":true,\"mayBeginEpoch\":false}");
    assertThatThrownBy(() -> file.load(CONFIGURED)).isInstanceOf(IOException.class);
    Files.writeString(json, "");
    assertThatThrownBy(() -> file.load(CONFIGURED)).isInstanceOf(IOException.class);
  }

  @Test
  void shouldRefuseAPasswordWithoutItsKey() throws Exception {
    file.save(CHANGED, CONFIGURED);
    Files.delete(key);
    assertThatThrownBy(() -> file.load(CONFIGURED))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("master.key: missing");
    Files.write(key, new byte[32]);
    assertThatThrownBy(() -> file.load(CONFIGURED))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("password: cannot be opened");
  }

  @Test
  void shouldReadWhatAnEarlierVersionLeft() throws Exception {
    file.save(CHANGED, CONFIGURED);
    String old =
        Files.readString(json)
            .replace("\"version\" : 2", "\"version\" : 1")
            .replaceAll(",\\s*\"retryCount\"[^}]*\\}", "");
    assertThat(old).doesNotContain("publicKey");
    Files.writeString(json, old);
    MasterConfig loaded = file.load(CONFIGURED);
    assertThat(loaded.retryCount()).isZero();
    assertThat(loaded.publicKey()).isEqualTo(MasterPublicKey.DEFAULT);
    assertThat(loaded.host()).isEqualTo("db2");
  }
}
