package io.sluice.mysql.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.testkit.tls.TestAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that change under a listener. */
class FileWatchTest {

  /** What stands in PKCS#8 before the key of RSA itself. */
  private static final int PKCS8_HEAD = 26;

  private final TestAuthority authority = TestAuthority.make("test");

  @TempDir Path directory;

  private Path certificate;
  private Path key;

  @BeforeEach
  void writeFiles() throws IOException {
    authority.issue("CN=first").write(directory, "x");
    certificate = directory.resolve("x-cert.pem");
    key = directory.resolve("x-key.pem");
  }

  private FileWatch<String> watch() throws IOException, GeneralSecurityException {
    return new FileWatch<>(
        "test",
        List.of(certificate, key),
        files ->
            PemFiles.pair(files.of(certificate), files.of(key))
                .chain()
                .get(0)
                .getSubjectX500Principal()
                .getName());
  }

  @Test
  void shouldTakeAChangeThatStandsStill() throws Exception {
    FileWatch<String> watch = watch();
    authority.issue("CN=second").write(directory, "x");

    watch.look();
    assertThat(watch.current()).as("maybe it is still being written").isEqualTo("CN=first");
    watch.look();

    assertThat(watch.current()).isEqualTo("CN=second");
    assertThat(watch.problem()).isEmpty();
  }

  @Test
  void shouldNotTakeACertificateWithoutItsKey() throws Exception {
    FileWatch<String> watch = watch();
    TestAuthority.Issued second = authority.issue("CN=second");

    Files.writeString(certificate, second.certificatePem());
    watch.look();
    watch.look();
    assertThat(watch.current()).isEqualTo("CN=first");
    assertThat(watch.problem()).hasValueSatisfying(why -> assertThat(why).contains("pair"));

    Files.writeString(key, second.keyPem());
    watch.look();
    watch.look();
    assertThat(watch.current()).isEqualTo("CN=second");
    assertThat(watch.problem()).isEmpty();
  }

  @Test
  void shouldKeepWhatItHasWhenAFileIsGoneOrGarbage() throws Exception {
    FileWatch<String> watch = watch();
    String was = Files.readString(certificate);

    Files.delete(certificate);
    watch.look();
    watch.look();
    assertThat(watch.problem()).hasValueSatisfying(why -> assertThat(why).contains("NoSuchFile"));
    Files.writeString(certificate, "-----BEGIN CERTIFICATE-----\nnonsense\n");
    watch.look();
    watch.look();
    assertThat(watch.current()).isEqualTo("CN=first");

    Files.writeString(certificate, was);
    watch.look();
    watch.look();
    assertThat(watch.problem()).isEmpty();
  }

  @Test
  void shouldRefuseToBeginWithoutFiles() throws IOException {
    Files.delete(key);

    assertThatThrownBy(this::watch)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(key.toString());
  }

  /** Older versions of MySQL write their keys so. */
  @Test
  void shouldReadKeysInTheFormOfRsa() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    PrivateKey made = generator.generateKeyPair().getPrivate();
    byte[] pkcs8 = made.getEncoded();
    byte[] pkcs1 = Arrays.copyOfRange(pkcs8, PKCS8_HEAD, pkcs8.length);
    String pem =
        "-----BEGIN RSA PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(pkcs1)
            + "\n-----END RSA PRIVATE KEY-----\n";

    assertThat(PemFiles.privateKey(pem.getBytes(StandardCharsets.US_ASCII))).isEqualTo(made);
  }

  @Test
  void shouldSayWhatKindOfKeyItTakes() {
    byte[] locked =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"
            .getBytes(StandardCharsets.US_ASCII);

    assertThatThrownBy(() -> PemFiles.pair(Files.readAllBytes(certificate), locked))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageContaining("without a password");
  }
}
