package io.sluice.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerInstallationTest {
  @Test
  void shouldFindProgramsInAnUnpackedTree(@TempDir Path folder) throws Exception {
    Path programs = Files.createDirectories(folder.resolve("mariadb-10.11/usr/sbin"));
    Files.createFile(
        programs.resolve("mariadbd"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(folder.resolve("mariadb-10.11/VERSION"), "10.11.19\n");

    ServerInstallation found = ServerInstallation.findIn(folder, "mariadb-10.11").orElseThrow();

    assertThat(found.version()).isEqualTo("10.11.19");
    assertThat(found.server()).hasFileName("mariadbd");
    assertThat(found.tool("mariadb-admin")).isEmpty();
    assertThat(found.isMySql()).isFalse();
  }

  @Test
  void shouldFindNothingWhereNothingIsInstalled(@TempDir Path folder) {
    assertThat(ServerInstallation.findIn(folder, "mariadb-10.11")).isEmpty();
  }
}
