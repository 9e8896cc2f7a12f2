package io.sluice.binlog.sql.show;

import io.sluice.binlog.admin.BinlogStatus;
import io.sluice.binlog.master.LinkFailure;
import io.sluice.binlog.master.LinkStatus;
import io.sluice.binlog.master.MasterFacts;
import io.sluice.binlog.master.MasterState;
import io.sluice.binlog.sql.Answer;
import io.sluice.binlog.store.Watermark;
import io.sluice.mysql.message.ColumnDefinition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SHOW SLAVE STATUS and SHOW ALL SLAVES STATUS with the columns of MariaDB 10.11 (reference §7.2).
 * Receiving and storing is what the relay does; it applies nothing, so the positions of the SQL
 * thread are those of the store.
 */
final class SlaveStatus {
  private final BinlogStatus status;
  private final List<ColumnDefinition> columns = new ArrayList<>();
  private final List<@Nullable Object> row = new ArrayList<>();

  private SlaveStatus(BinlogStatus status) {
    this.status = status;
  }

  /** The answer. */
  static Answer of(BinlogStatus status, boolean all) {
    SlaveStatus builder = new SlaveStatus(status);
    LinkStatus link = status.link().status();
    boolean storing = storing(link);
    if (all) {
      builder.text("Connection_name", "");
      builder.text("Slave_SQL_State", sqlState(storing));
    }
    builder.position(link);
    builder.filters();
    builder.progress();
    builder.security(link);
    builder.errors(link);
    builder.rest(storing);
    if (all) {
      builder.allSlaves();
    }
    return new Answer.Rows(builder.columns, List.of(builder.row));
  }

  private static boolean storing(LinkStatus link) {
    return link.state().kind() != MasterState.Kind.STOPPED;
  }

  private static String sqlState(boolean storing) {
    return storing ? "Slave has read all relay log; waiting for more updates" : "";
  }

  private void text(String name, String value) {
    columns.add(ColumnDefinition.string(name));
    row.add(value);
  }

  private void integer(String name, @Nullable Long value) {
    columns.add(ColumnDefinition.integer(name));
    row.add(value);
  }

  private void bigint(String name, @Nullable Long value) {
    columns.add(ColumnDefinition.unsignedBigint(name));
    row.add(value);
  }

  private void texts(String value, String... names) {
    for (String name : names) {
      text(name, value);
    }
  }

  private void position(LinkStatus link) {
    Watermark end = status.store().watermark();
    String file = end.file().name();
    text("Slave_IO_State", link.state().ioState());
    text("Master_Host", status.master().host());
    text("Master_User", status.user());
    integer("Master_Port", (long) status.master().port());
    integer("Connect_Retry", Math.max(1, status.connectRetry().toSeconds()));
    text("Master_Log_File", file);
    bigint("Read_Master_Log_Pos", end.offset());
    text("Relay_Log_File", file);
    bigint("Relay_Log_Pos", end.offset());
    text("Relay_Master_Log_File", file);
    text("Slave_IO_Running", link.state().ioRunning());
    text("Slave_SQL_Running", storing(link) ? "Yes" : "No");
  }

  private void filters() {
    texts(
        "",
        "Replicate_Do_DB",
        "Replicate_Ignore_DB",
        "Replicate_Do_Table",
        "Replicate_Ignore_Table",
        "Replicate_Wild_Do_Table",
        "Replicate_Wild_Ignore_Table");
  }

  private void progress() {
    integer("Last_Errno", 0L);
    text("Last_Error", "");
    integer("Skip_Counter", 0L);
    bigint("Exec_Master_Log_Pos", status.store().watermark().offset());
    bigint("Relay_Log_Space", status.store().inventory().totalSize());
    text("Until_Condition", "None");
    text("Until_Log_File", "");
    bigint("Until_Log_Pos", 0L);
  }

  private void security(LinkStatus link) {
    text("Master_SSL_Allowed", "No");
    texts(
        "",
        "Master_SSL_CA_File",
        "Master_SSL_CA_Path",
        "Master_SSL_Cert",
        "Master_SSL_Cipher",
        "Master_SSL_Key");
    bigint("Seconds_Behind_Master", link.isUp() ? status.counters().secondsBehind() : null);
    text("Master_SSL_Verify_Server_Cert", "No");
  }

  private void errors(LinkStatus link) {
    LinkFailure failure = link.currentError();
    integer("Last_IO_Errno", failure == null ? 0L : (long) failure.code());
    text("Last_IO_Error", failure == null ? "" : failure.message());
    integer("Last_SQL_Errno", 0L);
    text("Last_SQL_Error", "");
    text("Replicate_Ignore_Server_Ids", "");
    MasterFacts facts = status.variables().facts();
    integer("Master_Server_Id", facts == null ? 0L : facts.serverId());
    texts("", "Master_SSL_Crl", "Master_SSL_Crlpath");
  }

  private void rest(boolean storing) {
    text("Using_Gtid", "No");
    text("Gtid_IO_Pos", status.store().watermark().state().position().toString());
    texts("", "Replicate_Do_Domain_Ids", "Replicate_Ignore_Domain_Ids");
    text("Parallel_Mode", "none");
    integer("SQL_Delay", 0L);
    integer("SQL_Remaining_Delay", null);
    text("Slave_SQL_Running_State", sqlState(storing));
    bigint("Slave_DDL_Groups", 0L);
    bigint("Slave_Non_Transactional_Groups", 0L);
    bigint("Slave_Transactional_Groups", 0L);
    text("Replicate_Rewrite_DB", "");
  }

  private void allSlaves() {
    integer("Retried_transactions", 0L);
    bigint("Max_relay_log_size", number(status.variables().get("max_binlog_size")));
    integer("Executed_log_entries", status.counters().events());
    integer("Slave_received_heartbeats", status.counters().heartbeats());
    columns.add(ColumnDefinition.real("Slave_heartbeat_period"));
    row.add(status.heartbeatPeriod().toMillis() / 1000.0);
    text("Gtid_Slave_Pos", status.store().watermark().state().position().toString());
  }

  private static @Nullable Long number(@Nullable String text) {
    try {
      return text == null ? null : Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
