package io.sluice.mysql.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigValueFactory;
import io.sluice.api.config.Problems;
import io.sluice.api.config.SettingType;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The names of things are those that servers and OpenSSL use. */
class TlsNamesTest {

  private final Problems problems = new Problems();

  private List<String> parse(SettingType<List<String>> type, String... names) {
    return type.parse(ConfigValueFactory.fromIterable(List.of(names)), "ciphers", problems);
  }

  @ParameterizedTest
  @CsvSource({
    "TLS_AES_256_GCM_SHA384, TLS_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, ECDHE-RSA-AES128-GCM-SHA256",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, ECDHE-ECDSA-CHACHA20-POLY1305",
    "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256, DHE-RSA-AES256-SHA256",
    "TLS_RSA_WITH_AES_128_CBC_SHA, AES128-SHA",
    "TLS_RSA_WITH_AES_256_GCM_SHA384, AES256-GCM-SHA384",
  })
  void shouldNameCiphersAsOpenSslDoes(String standard, String openSsl) {
    assertThat(CipherNames.openSsl(standard)).isEqualTo(openSsl);
  }

  @Test
  void shouldTakeCiphersByBothNames() {
    assertThat(parse(TlsNames.CIPHERS, "ECDHE-RSA-AES256-GCM-SHA384", "tls_aes_128_gcm_sha256"))
        .containsExactly("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256");
    assertThat(problems.all()).isEmpty();
  }

  @Test
  void shouldRefuseWhatIsNoCipherOrNoVersion() {
    assertThat(parse(TlsNames.CIPHERS, "ROT13")).isNull();
    assertThat(parse(TlsNames.CIPHERS, "TLS_RSA_WITH_NULL_SHA256")).isNull();
    assertThat(parse(TlsNames.VERSIONS, "TLSv1.1")).isNull();
    assertThat(parse(TlsNames.VERSIONS)).isNull();
    assertThat(problems.all())
        .hasSize(4)
        .allSatisfy(problem -> assertThat(problem.message()).contains("(expected: "));
    assertThat(parse(TlsNames.VERSIONS, "tlsv1.3")).containsExactly("TLSv1.3");
  }

  /** As {@code openssl x509 -nameopt compat} prints them; the order is the certificate's. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CN=app,O=Sluice,C=DE | /C=DE/O=Sluice/CN=app",
        "CN=a/b\\, c | /CN=a/b, c",
        "CN=j\u00f6rg | /CN=j\\xC3\\xB6rg",
        "1.2.840.113549.1.9.1=me@example.com,CN=x | /CN=x/emailAddress=me@example.com",
      })
  void shouldWriteSubjectsAsServersCompareThem(String name, String line) {
    assertThat(ClientTls.oneLine(new X500Principal(name))).isEqualTo(line);
  }
}
