package io.sluice.monitors.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.sluice.monitors.mariadb.ReplicaLink.IoState;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.message.ColumnDefinition;
import io.sluice.mysql.result.ResultSet;
import io.sluice.mysql.result.ResultSetReader;
import io.sluice.mysql.result.ResultSetWriter;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusReaderTest {

  @Test
  void shouldReadTheWordsOfMariaDb() {
    ResultSet rows =
        rows(
            "Connection_name Master_Host Master_Port Slave_IO_Running Slave_SQL_Running"
                + " Seconds_Behind_Master Last_IO_Error Last_SQL_Error Master_Server_Id",
            new Object[] {"", "relay", 4001, "Yes", "Yes", 3, "", "", 7},
            new Object[] {"two", "db", 3306, "Connecting", "No", null, "io", "sql", 8});
    assertThat(StatusReader.links(rows))
        .containsExactly(
            new ReplicaLink("", "relay", 4001, 7, IoState.RUNNING, true, Duration.ofSeconds(3), ""),
            new ReplicaLink("two", "db", 3306, 8, IoState.CONNECTING, false, null, "io"));
  }

  @Test
  void shouldReadTheWordsOfMySql() {
    ResultSet rows =
        rows(
            "Source_Host Source_Port Replica_IO_Running Replica_SQL_Running"
                + " Seconds_Behind_Source Last_SQL_Error Source_Server_Id Channel_Name",
            new Object[] {"db", 3306, "No", "Yes", 0, "sql", 8, "c"});
    assertThat(StatusReader.links(rows))
        .containsExactly(
            new ReplicaLink("c", "db", 3306, 8, IoState.STOPPED, true, Duration.ZERO, "sql"));
  }

  @Test
  void shouldReadNoLinkWhereNoneIsConfigured() {
    assertThat(StatusReader.links(rows("Master_Host"))).isEmpty();
    assertThat(StatusReader.links(rows("Master_Host", new Object[] {""}))).isEmpty();
  }

  @Test
  void shouldReadVariables() {
    assertThat(
            StatusReader.variables(
                rows(
                    "Variable_name Value",
                    new Object[] {"Server_ID", "5"},
                    new Object[] {"read_only", "ON"})))
        .containsEntry("server_id", "5")
        .containsEntry("read_only", "ON");
  }

  @ParameterizedTest
  @CsvSource({"ON,true", "1,true", "NO_LOCK,true", "OFF,false", "0,false", ",false"})
  void shouldReadSwitches(String value, boolean on) {
    assertThat(StatusReader.isOn(value)).isEqualTo(on);
  }

  @ParameterizedTest
  @CsvSource({"5,5", "-1,0", "x,0", "'',0"})
  void shouldReadNumbers(String text, long number) {
    assertThat(StatusReader.number(text)).isEqualTo(number);
  }

  private static ResultSet rows(String columns, Object[]... rows) {
    ResultSetWriter writer =
        new ResultSetWriter(UnpooledByteBufAllocator.DEFAULT, 1, Capabilities.INTERNAL);
    writer.columns(
        Arrays.stream(columns.split(" "))
            .map(ColumnDefinition::string)
            .toArray(ColumnDefinition[]::new));
    for (Object[] row : rows) {
      writer.row(row);
    }
    ResultSetReader reader = new ResultSetReader(Capabilities.INTERNAL, 1 << 20);
    reader.feed(writer.finish(0));
    return reader.result();
  }
}
