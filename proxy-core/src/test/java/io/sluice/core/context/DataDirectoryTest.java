package io.sluice.core.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

  @TempDir private Path root;

  @Test
  void shouldBeMadeAtTheFirstCallForItsOwnerOnly() throws IOException {
    DataDirectory directory = new DataDirectory(root, "services", "relay");
    assertThat(root.resolve("services")).doesNotExist();
    Path path = directory.get();
    assertThat(path).isEqualTo(root.resolve("services/relay").toAbsolutePath()).isDirectory();
    assertThat(directory.get()).isEqualTo(path);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rwx------");
    assertThat(new DataDirectory(root, "services", "relay").get()).isEqualTo(path);
  }

  @Test
  void shouldSayWhichDirectoryCannotBeMade() throws IOException {
    Files.writeString(root.resolve("services"), "in the way");
    assertThatThrownBy(() -> new DataDirectory(root, "services", "relay").get())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(root.resolve("services/relay").toString());
  }
}
