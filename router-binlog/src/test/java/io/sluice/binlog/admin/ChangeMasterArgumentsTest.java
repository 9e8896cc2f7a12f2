package io.sluice.binlog.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.api.admin.CommandException;
import io.sluice.binlog.control.MasterChange;
import io.sluice.binlog.master.UseGtid;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangeMasterArgumentsTest {

  @Test
  void shouldReadWhatChangeReplicationSourceHas() {
    MasterChange change =
        ChangeMasterArguments.parse(
            Map.of(
                "auto-position", "yes",
                "retry-count", "7",
                "get-public-key", "on",
                "public-key-path", "source.pem",
                "connect-retry", "2.5"));
    assertThat(change)
        .isEqualTo(
            MasterChange.builder()
                .autoPosition(true)
                .retryCount(7)
                .getPublicKey(true)
                .publicKeyPath("source.pem")
                .connectRetry(Duration.ofMillis(2500))
                .build());
    assertThat(ChangeMasterArguments.parse(Map.of("auto-position", "0")))
        .isEqualTo(MasterChange.builder().autoPosition(false).build());
  }

  @Test
  void shouldReadWhatChangeMasterHas() {
    MasterChange change =
        ChangeMasterArguments.parse(
            Map.of(
                "host", "db2",
                "port", "3307",
                "user", "repl",
                "password", "pw",
                "use-gtid", "slave_pos",
                "heartbeat-period", "0",
                "ssl", "true",
                "ssl-verify-server-cert", "false",
                "ssl-ca", ""));
    assertThat(change)
        .isEqualTo(
            MasterChange.builder()
                .host("db2")
                .port(3307)
                .user("repl")
                .password("pw")
                .useGtid(UseGtid.SLAVE_POS)
                .heartbeatPeriod(Duration.ZERO)
                .ssl(true)
                .sslVerify(false)
                .sslCa("")
                .build());
  }

  @Test
  void shouldKnowEachArgumentThatItNames() {
    Map<String, String> all = new HashMap<>();
    for (String name : ChangeMasterArguments.NAMES) {
      all.put(name.substring(1, name.length() - 1), name.equals("[use-gtid]") ? "no" : "1");
    }
    assertThat(ChangeMasterArguments.parse(all))
        .hasNoNullFieldsOrProperties()
        .extracting(MasterChange::retryCount, MasterChange::publicKeyPath)
        .containsExactly(1, "1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auto-position | 2 | auto-position: 2 (expected: true or false)",
        "get-public-key | '' | get-public-key:  (expected: true or false)",
        "retry-count | -1 | retry-count: -1 (expected: 0 to 2147483647)",
        "retry-count | often | retry-count: often (expected: a number)",
        "port | 65536 | port: 65536 (expected: 0 to 65535)",
        "connect-retry | soon | connect-retry: soon (expected: seconds)"
      })
  void shouldRefuseWhatCannotBe(String name, String value, String text) {
    assertThatThrownBy(() -> ChangeMasterArguments.parse(Map.of(name, value)))
        .isInstanceOf(CommandException.class)
        .hasMessage(text);
  }

  @Test
  void shouldRefuseNothingAndWhatIsNotKnown() {
    assertThatThrownBy(() -> ChangeMasterArguments.parse(Map.of()))
        .isInstanceOf(CommandException.class)
        .hasMessageStartingWith("arguments: none");
    assertThatThrownBy(() -> ChangeMasterArguments.parse(Map.of("source-host", "secret")))
        .isInstanceOf(CommandException.class)
        .hasMessageStartingWith("source-host: unknown")
        .hasMessageNotContaining("secret");
  }
}
