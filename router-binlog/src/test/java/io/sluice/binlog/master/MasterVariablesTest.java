package io.sluice.binlog.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MasterVariablesTest {

  @Test
  void shouldKeepWhatDidNotChange(@TempDir Path directory) {
    Path file = directory.resolve("variables.json");
    MasterVariables variables = new MasterVariables(file, Runnable::run);
    variables.set(
        Map.of("server_id", "1", "version", "9.7.4", "gtid_mode", "OFF_PERMISSIVE"), Map.of());

    variables.change(Map.of("GTID_MODE", "ON_PERMISSIVE"));

    MasterVariables later = new MasterVariables(file, Runnable::run);
    later.load();
    assertThat(later.all())
        .isEqualTo(variables.all())
        .containsEntry("gtid_mode", "ON_PERMISSIVE")
        .containsEntry("version", "9.7.4")
        .hasSize(3);
    assertThat(later.facts()).isNotNull();
  }
}
