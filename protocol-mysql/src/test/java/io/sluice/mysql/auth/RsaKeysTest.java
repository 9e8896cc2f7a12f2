package io.sluice.mysql.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RsaKeysTest {

  @Test
  void shouldKeepTheSameKeyWithModeOfASecret(@TempDir Path directory) throws Exception {
    RsaKeys first = RsaKeys.loadOrCreate(directory);
    RsaKeys second = RsaKeys.loadOrCreate(directory);

    assertThat(second.publicPem()).isEqualTo(first.publicPem());
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve(RsaKeys.FILE))))
        .isEqualTo("rw-------");
    byte[] encrypted =
        RsaKeys.encrypt(RsaKeys.parsePublicKey(first.publicPem()), "hello".getBytes(UTF_8));
    assertThat(encrypted).hasSize(second.modulusBytes());
    assertThat(second.decrypt(encrypted)).isEqualTo("hello".getBytes(UTF_8));
  }

  @Test
  void shouldReplaceABrokenFile(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve(RsaKeys.FILE), "-----BEGIN PRIVATE KEY-----\nAAAA\n");

    RsaKeys keys = RsaKeys.loadOrCreate(directory);

    assertThat(RsaKeys.loadOrCreate(directory).publicPem()).isEqualTo(keys.publicPem());
  }

  @Test
  void shouldRefuseKeysThatAreTooShort() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(512);
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder()
                .encodeToString(generator.generateKeyPair().getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n";

    assertThatThrownBy(() -> RsaKeys.parsePublicKey(pem.getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("512 bits");
  }
}
