package io.sluice.binlog.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyRingTest {
  private static final String SECRET = "00112233445566778899aabbccddeeff";

  @TempDir Path folder;

  static Path keyFile(Path folder, String text) throws IOException {
    Path file = folder.resolve("keys");
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  @Test
  void shouldReadSeveralKeys() throws Exception {
    Path file =
        keyFile(
            folder,
            "# of 2026\n\n1;"
                + SECRET
                + "\n 2 ; "
                + SECRET
                + SECRET
                + " \n4294967295;"
                + SECRET
                + SECRET.substring(16)
                + "\n");
    KeyRing keys = KeyRing.load(file);
    assertThat(keys.has(1)).isTrue();
    assertThat(keys.has(3)).isFalse();
    assertThat(Objects.requireNonNull(keys.find(2)).getEncoded()).hasSize(32);
    assertThat(Objects.requireNonNull(keys.find(4_294_967_295L)).getEncoded()).hasSize(24);
    assertThat(keys.source()).isEqualTo("key file " + file);
  }

  @Test
  void shouldNameTheLineAndNeverTheKey() throws Exception {
    String[] wrong = {
      "0;" + SECRET,
      "4294967296;" + SECRET,
      SECRET,
      "x;" + SECRET,
      "1;" + SECRET + "0",
      "1;" + SECRET.replace('a', 'g'),
      "1;",
      "1;" + SECRET + "\n# again\n1;" + SECRET
    };
    for (String text : wrong) {
      Path file = keyFile(folder, "# first\n" + text + "\n");
      String line = text.contains("\n") ? "line 4" : "line 2";
      assertThatThrownBy(() -> KeyRing.load(file))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining(line)
          .hasMessageNotContaining("8899")
          .hasNoCause();
    }
  }

  @Test
  void shouldRefuseAFileThatEverybodyCanRead() throws Exception {
    Path file = keyFile(folder, "1;" + SECRET);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> KeyRing.load(file))
        .hasMessageContaining(file + " has the mode rw-r--r-- (expected: nothing for others");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
    assertThat(KeyRing.load(file).has(1)).isTrue();
  }

  @Test
  void shouldFindAKeyThatWasAddedLater() throws Exception {
    Path file = keyFile(folder, "1;" + SECRET);
    KeyRing keys = KeyRing.load(file);
    Files.writeString(file, "1;" + SECRET + "\n2;" + SECRET + SECRET);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
    assertThat(keys.has(2)).isTrue();
  }

  @Test
  void shouldKeepItsKeysWhenTheFileCannotBeReadAgain() throws Exception {
    Path file = keyFile(folder, "1;" + SECRET);
    KeyRing keys = KeyRing.load(file);
    Files.writeString(file, "not a key file");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
    assertThat(keys.has(2)).isFalse();
    assertThat(keys.has(1)).isTrue();
    assertThatThrownBy(keys::reload).hasMessageContaining("line 1");
    assertThat(keys.has(1)).isTrue();
  }

  @Test
  void shouldHaveNoKeysWithoutAFile() throws Exception {
    KeyRing none = KeyRing.none();
    none.reload();
    assertThat(none.has(1)).isFalse();
    assertThat(none.source()).contains("encryption-key-file");
  }
}
