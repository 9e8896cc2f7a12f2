package io.sluice.binlog.sql.show;

import io.sluice.binlog.admin.BinlogStatus;
import io.sluice.binlog.master.LinkFailure;
import io.sluice.binlog.master.LinkStatus;
import io.sluice.binlog.master.MasterConfig;
import io.sluice.binlog.master.MasterFacts;
import io.sluice.binlog.master.MasterState;
import io.sluice.binlog.master.MasterTls;
import io.sluice.binlog.sql.Answer;
import io.sluice.binlog.sql.PresentedVersion;
import io.sluice.binlog.store.Watermark;
import org.jspecify.annotations.Nullable;

/**
 * SHOW SLAVE STATUS and SHOW ALL SLAVES STATUS with the columns of the presented version.
 *
 * <p>The relay applies nothing. What a replica's SQL thread does for a replica, making received
 * events count, is done here by the writer of the store, so the columns of the SQL thread tell of
 * it: {@code Slave_SQL_Running} is Yes from START SLAVE to STOP SLAVE, also while the link tries to
 * come back (a monitor would call a relay with a No there broken, or repair it by START SLAVE), and
 * {@code Exec_Master_Log_Pos} is what is stored and visible to replicas. There is no relay log: the
 * columns that name one show the stored copy of the master's file, which is what a relay log is for
 * a replica.
 */
final class SlaveStatus {
  private static final int NAMES = 21844;

  private final BinlogStatus status;
  private final MasterConfig config;
  private final PresentedVersion version;
  private final LinkStatus link;
  private final StatusRow row;

  private SlaveStatus(BinlogStatus status, MasterConfig config, PresentedVersion version) {
    this.status = status;
    this.config = config;
    this.version = version;
    this.link = status.link().status();
    this.row = new StatusRow(version.isAtLeast(11, 6));
  }

  /** The answer. */
  static Answer of(
      BinlogStatus status, MasterConfig config, PresentedVersion version, boolean all) {
    SlaveStatus builder = new SlaveStatus(status, config, version);
    if (all) {
      builder.row.text("Connection_name", 192, 64, "");
      builder.row.nullable("Slave_SQL_State", 30, 64, builder.sqlState());
    }
    builder.position();
    builder.filters();
    builder.progress();
    builder.security();
    builder.errors();
    builder.gtid();
    builder.groups();
    if (all) {
      builder.allSlaves();
    }
    return builder.row.toAnswer();
  }

  private String sqlState() {
    return config.wantsRunning() ? "Slave has read all relay log; waiting for more updates" : "";
  }

  private void position() {
    Watermark end = status.store().watermark();
    String file = end.file().name();
    row.nullable("Slave_IO_State", 30, 64, link.state().ioState());
    row.nullable("Master_Host", version.isAtLeast(10, 6) ? 766 : 181, 255, config.host());
    row.nullable("Master_User", 385, 384, config.user());
    row.small("Master_Port", 7, 5, config.port());
    row.number("Connect_Retry", 10, Math.max(1, config.connectRetry().toSeconds()));
    row.file("Master_Log_File", file);
    row.big("Read_Master_Log_Pos", 10, end.offset());
    row.file("Relay_Log_File", file);
    row.big("Relay_Log_Pos", 10, end.offset());
    row.file("Relay_Master_Log_File", file);
    row.text("Slave_IO_Running", 3, 10, link.state().ioRunning());
    row.text("Slave_SQL_Running", 3, 3, config.wantsRunning() ? "Yes" : "No");
  }

  private void filters() {
    row.text("Replicate_Do_DB", 20, NAMES, "");
    row.text("Replicate_Ignore_DB", 20, NAMES, "");
    row.text("Replicate_Do_Table", 20, NAMES, "");
    row.text("Replicate_Ignore_Table", 23, NAMES, "");
    row.text("Replicate_Wild_Do_Table", 24, NAMES, "");
    row.text("Replicate_Wild_Ignore_Table", 28, NAMES, "");
  }

  private void progress() {
    row.small("Last_Errno", 4, 4, 0);
    row.nullable("Last_Error", 20, 1024, "");
    row.number("Skip_Counter", 10, 0);
    row.big("Exec_Master_Log_Pos", 10, status.store().watermark().offset());
    row.big("Relay_Log_Space", 10, status.store().inventory().totalSize());
    row.text("Until_Condition", 6, 6, "None");
    row.nullableFile("Until_Log_File", "");
    row.big("Until_Log_Pos", 10, 0);
  }

  private void security() {
    MasterTls tls = config.tls();
    row.nullable("Master_SSL_Allowed", 7, 7, tls.enabled() ? "Yes" : "No");
    row.nullableFile("Master_SSL_CA_File", tls.ca());
    row.nullableFile("Master_SSL_CA_Path", "");
    row.nullableFile("Master_SSL_Cert", tls.cert());
    row.nullableFile("Master_SSL_Cipher", "");
    row.nullableFile("Master_SSL_Key", tls.key());
    row.nullableBig(
        "Seconds_Behind_Master", 10, link.isUp() ? status.counters().secondsBehind() : null);
    row.text("Master_SSL_Verify_Server_Cert", 3, 3, tls.verify() ? "Yes" : "No");
  }

  private void errors() {
    LinkFailure failure = link.currentError();
    row.small("Last_IO_Errno", 4, 4, failure == null ? 0 : failure.code());
    row.nullable("Last_IO_Error", 20, 1024, failure == null ? "" : failure.message());
    row.small("Last_SQL_Errno", 4, 4, 0);
    row.nullable("Last_SQL_Error", 20, 1024, "");
    row.text("Replicate_Ignore_Server_Ids", 512, NAMES, "");
    MasterFacts facts = status.variables().facts();
    row.number("Master_Server_Id", 8, facts == null ? 0 : facts.serverId());
    row.nullableFile("Master_SSL_Crl", "");
    row.nullableFile("Master_SSL_Crlpath", "");
  }

  private void gtid() {
    row.nullable("Using_Gtid", 11, 11, config.useGtid().label());
    row.text("Gtid_IO_Pos", 30, NAMES, status.store().watermark().state().positionText());
    row.text("Replicate_Do_Domain_Ids", 512, NAMES, "");
    row.text("Replicate_Ignore_Domain_Ids", 512, NAMES, "");
    row.text("Parallel_Mode", 12, 12, "none");
    row.number("SQL_Delay", 10, 0);
    row.nullableNumber("SQL_Remaining_Delay", 8, null);
    row.nullable("Slave_SQL_Running_State", 20, NAMES, sqlState());
  }

  /** The relay applies no group of any kind. */
  private void groups() {
    row.big("Slave_DDL_Groups", 20, 0);
    row.big("Slave_Non_Transactional_Groups", 20, 0);
    row.big("Slave_Transactional_Groups", 20, 0);
    if (version.isAtLeast(10, 11)) {
      row.text("Replicate_Rewrite_DB", 23, NAMES, "");
    }
    if (version.isAtLeast(12, 0)) {
      row.number("Connects_Tried", 10, attempts());
      row.big("Master_Retry_Count", 20, 0); // for ever
    }
  }

  /** Attempts since the process started, as the link counts them. */
  private long attempts() {
    MasterState state = link.state();
    if (state instanceof MasterState.Connecting connecting) {
      return connecting.attempt();
    }
    return link.connects() + link.failures();
  }

  private void allSlaves() {
    row.number("Retried_transactions", 10, 0);
    row.shrunk("Max_relay_log_size", 10, number(status.variables().get("max_binlog_size")));
    row.number("Executed_log_entries", 10, status.counters().events());
    row.number("Slave_received_heartbeats", 10, status.counters().heartbeats());
    row.seconds("Slave_heartbeat_period", config.heartbeatPeriod().toMillis());
    String position = status.store().watermark().state().positionText();
    row.text("Gtid_Slave_Pos", position.length(), NAMES, position);
    if (version.isAtLeast(11, 6)) {
      long last = status.store().watermark().eventTimestamp();
      row.time("Master_last_event_time", last);
      row.time("Slave_last_event_time", last);
      row.difference("Master_Slave_time_diff", last == 0 ? null : 0L);
    }
  }

  private static long number(@Nullable String text) {
    try {
      return text == null ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
