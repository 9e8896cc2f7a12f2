package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.master.MasterVariables;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksumSettingTest {

  @TempDir Path directory;

  @Test
  void shouldFollowEachChangeOfTheMaster() {
    MasterVariables variables = variables();
    ChecksumSetting setting = new ChecksumSetting(variables);
    assertThat(setting.getAsBoolean()).isFalse();

    variables.set(Map.of("master_verify_checksum", "ON"), Map.of());
    assertThat(setting.getAsBoolean()).isTrue();
    variables.change(Map.of("master_verify_checksum", "OFF"));
    assertThat(setting.getAsBoolean()).isFalse();
    variables.set(Map.of("source_verify_checksum", "ON"), Map.of());
    assertThat(setting.getAsBoolean()).isTrue();
    variables.present(Map.of("source_verify_checksum", "OFF"));
    assertThat(setting.getAsBoolean()).isFalse();
  }

  @Test
  void shouldFollowWhatAnEarlierProcessLeft() {
    variables().set(Map.of("master_verify_checksum", "ON"), Map.of());
    MasterVariables variables = variables();
    ChecksumSetting setting = new ChecksumSetting(variables);
    assertThat(setting.getAsBoolean()).isFalse();

    variables.load();
    assertThat(setting.getAsBoolean()).isTrue();
  }

  private MasterVariables variables() {
    return new MasterVariables(directory.resolve("variables.json"), Runnable::run);
  }
}
