package io.sluice.mysql.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mysql.tls.ClientTls;
import org.junit.jupiter.api.Test;

class TlsDemandTest {

  private static final ClientTls BARE = new ClientTls("TLSv1.3", "TLS_AES_256_GCM_SHA384", null);

  @Test
  void shouldAskForNothingUnlessToldTo() {
    assertThat(TlsDemand.NONE.unmet(null)).isNull();
    assertThat(TlsDemand.of(TlsRequirement.ENCRYPTED).unmet(null)).contains("TLS");
    assertThat(TlsDemand.of(TlsRequirement.ENCRYPTED).unmet(BARE)).isNull();
    assertThat(TlsDemand.of(TlsRequirement.CERTIFICATE).unmet(BARE)).contains("certificate");
  }

  @Test
  void shouldLookAtEachPart() {
    assertThat(specified("TLS_AES_256_GCM_SHA384", "", "").unmet(BARE)).isNull();
    assertThat(specified("AES128-SHA", "", "").unmet(BARE)).contains("cipher AES128-SHA");
    assertThat(specified("", "/CN=ca", "").unmet(BARE)).contains("certificate");
    assertThat(specified("", "", "/CN=x").unmet(BARE)).contains("certificate");
    assertThat(specified("", "", "/CN=x").unmet(null)).contains("TLS");
  }

  private static TlsDemand specified(String cipher, String issuer, String subject) {
    return new TlsDemand(TlsRequirement.SPECIFIED, cipher, issuer, subject);
  }
}
