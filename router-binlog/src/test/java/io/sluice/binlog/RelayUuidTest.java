package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelayUuidTest {
  @TempDir Path directory;

  @Test
  void shouldBeMadeOnce() throws Exception {
    Path file = directory.resolve("server-uuid");
    String made = RelayUuid.of(file);
    assertThat(UUID.fromString(made)).hasToString(made);
    assertThat(RelayUuid.of(file)).isEqualTo(made);
    assertThat(RelayUuid.of(directory.resolve("other"))).isNotEqualTo(made);
  }

  @Test
  void shouldRefuseWhatIsNone() throws Exception {
    Path file = directory.resolve("server-uuid");
    Files.writeString(file, "1-2-3-4-5");
    assertThatThrownBy(() -> RelayUuid.of(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("server-uuid: no server uuid");
    Files.writeString(file, "");
    assertThatThrownBy(() -> RelayUuid.of(file)).isInstanceOf(IOException.class);
  }
}
