package io.sluice.mysql.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class TlsFailureTest {

  @Test
  void shouldNotTellWhatCameInsteadOfTls() {
    Throwable cause =
        new DecoderException(new NotSslRecordException("not an SSL/TLS record: 736563726574"));
    assertThat(TlsFailure.tell(cause)).isEqualTo("what came is no TLS");
    assertThat(TlsFailure.tell(cause.getCause())).isEqualTo("what came is no TLS");
  }

  @Test
  void shouldTellOtherReasons() {
    assertThat(TlsFailure.tell(new SSLHandshakeException("no cipher suites in common")))
        .isEqualTo("no cipher suites in common");
    assertThat(TlsFailure.tell(new DecoderException((String) null))).isEqualTo("null");
  }
}
