package io.sluice.core.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminTokenTest {

  @TempDir Path directory;

  @Test
  void shouldMakeATokenForItsOwnerOnly() throws IOException {
    AdminToken token = AdminToken.in(directory.resolve("admin"));

    Path file = directory.resolve("admin/token");
    String text = Files.readString(file).trim();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(text).hasSize(64);
    assertThat(token.isShownBy("Bearer " + text)).isTrue();
  }

  @Test
  void shouldKeepTheTokenThatIsThere() throws IOException {
    Files.writeString(directory.resolve("token"), "mine\n");

    assertThat(AdminToken.in(directory).isShownBy("Bearer mine")).isTrue();
  }

  @Test
  void shouldReplaceAnEmptyFile() throws IOException {
    Files.writeString(directory.resolve("token"), "");

    assertThat(AdminToken.in(directory).isShownBy("Bearer ")).isFalse();
    assertThat(Files.readString(directory.resolve("token")).trim()).hasSize(64);
  }

  @Test
  void shouldRefuseEverythingElse() throws IOException {
    Files.writeString(directory.resolve("token"), "mine");
    AdminToken token = AdminToken.in(directory);

    assertThat(token.isShownBy(null)).isFalse();
    assertThat(token.isShownBy("mine")).isFalse();
    assertThat(token.isShownBy("Basic mine")).isFalse();
    assertThat(token.isShownBy("Bearer min")).isFalse();
    assertThat(token.isShownBy("Bearer mine2")).isFalse();
  }

  @Test
  void shouldDifferFromInstallationToInstallation() throws IOException {
    AdminToken.in(directory.resolve("a"));
    AdminToken.in(directory.resolve("b"));

    assertThat(Files.readString(directory.resolve("a/token")))
        .isNotEqualTo(Files.readString(directory.resolve("b/token")));
  }
}
