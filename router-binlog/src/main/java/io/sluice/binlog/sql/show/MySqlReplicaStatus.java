package io.sluice.binlog.sql.show;

import io.sluice.binlog.admin.BinlogStatus;
import io.sluice.binlog.master.LinkFailure;
import io.sluice.binlog.master.LinkStatus;
import io.sluice.binlog.master.MasterConfig;
import io.sluice.binlog.master.MasterFacts;
import io.sluice.binlog.master.MasterTls;
import io.sluice.binlog.sql.Answer;
import io.sluice.binlog.sql.PresentedVersion;
import io.sluice.binlog.sql.ReplicationWords;
import io.sluice.binlog.store.Watermark;
import io.sluice.mysql.message.ColumnDefinition;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * SHOW REPLICA STATUS and SHOW SLAVE STATUS with the columns of a MySQL version: 54 in 5.6, 57 in
 * 5.7, 60 since 8.0. What the columns of the SQL thread mean where nothing is applied is said at
 * {@link SlaveStatus}. Not thread-safe.
 */
final class MySqlReplicaStatus {
  private static final DateTimeFormatter ERROR_TIME =
      DateTimeFormatter.ofPattern("yyMMdd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int SOURCE_FATAL_BEFORE_8 = 1236;
  private static final int SOURCE_FATAL = 13114;
  private static final int FILE = 512;
  private static final int OLD_HOST = 61;
  private static final int HOST = 256;

  private final BinlogStatus status;
  private final MasterConfig config;
  private final LinkStatus link;
  private final PresentedVersion version;
  private final ReplicationWords words;
  private final MySqlColumns columns;
  private final String master;
  private final String slave;
  private final List<ColumnDefinition> definitions = new ArrayList<>();
  private final List<@Nullable Object> row = new ArrayList<>();

  private MySqlReplicaStatus(BinlogStatus status, PresentedVersion version, boolean oldNames) {
    this.status = status;
    this.config = status.control().config();
    this.link = status.link().status();
    this.version = version;
    this.words = new ReplicationWords(version);
    this.columns = new MySqlColumns(version);
    this.master = oldNames ? "Master" : "Source";
    this.slave = oldNames ? "Slave" : "Replica";
  }

  /**
   * The answer.
   *
   * @param oldNames whether the columns have the names of SHOW SLAVE STATUS
   */
  static Answer of(BinlogStatus status, PresentedVersion version, boolean oldNames) {
    MySqlReplicaStatus builder = new MySqlReplicaStatus(status, version, oldNames);
    builder.position();
    builder.filters();
    builder.progress();
    builder.security();
    builder.errors();
    builder.details();
    builder.gtids();
    return new Answer.Rows(builder.definitions, List.of(builder.row));
  }

  private void text(String name, int characters, String value) {
    definitions.add(columns.text(name, characters));
    row.add(value);
  }

  private void number(String name, int length, @Nullable Long value) {
    definitions.add(columns.number(name, length));
    row.add(value);
  }

  private void big(String name, int length, @Nullable Long value) {
    definitions.add(columns.bigNumber(name, length));
    row.add(value);
  }

  private int hostLength() {
    return version.isAtLeast(8, 0, 17) ? HOST : OLD_HOST;
  }

  private static String yes(boolean is) {
    return is ? "Yes" : "No";
  }

  private void position() {
    Watermark end = status.store().watermark();
    String file = end.file().name();
    String state = link.state().ioState();
    text(slave + "_IO_State", 14, words.inOwnWords(state));
    text(master + "_Host", hostLength(), config.host());
    text(master + "_User", version.isAtLeast(5, 7) ? 97 : 49, config.user());
    number(master + "_Port", 7, (long) config.port());
    number("Connect_Retry", 10, Math.max(1, config.connectRetry().toSeconds()));
    text(master + "_Log_File", FILE, file);
    big("Read_" + master + "_Log_Pos", 10, end.offset());
    text("Relay_Log_File", FILE, file);
    big("Relay_Log_Pos", 10, end.offset());
    text("Relay_" + master + "_Log_File", FILE, file);
    text(slave + "_IO_Running", 3, link.state().ioRunning());
    text(slave + "_SQL_Running", 3, yes(config.wantsRunning()));
  }

  private void filters() {
    text("Replicate_Do_DB", 20, "");
    text("Replicate_Ignore_DB", 20, "");
    text("Replicate_Do_Table", 20, "");
    text("Replicate_Ignore_Table", 23, "");
    text("Replicate_Wild_Do_Table", 24, "");
    text("Replicate_Wild_Ignore_Table", 28, "");
  }

  private void progress() {
    error("Last_", null);
    number("Skip_Counter", 10, 0L);
    big("Exec_" + master + "_Log_Pos", 10, status.store().watermark().offset());
    big("Relay_Log_Space", 10, status.store().inventory().totalSize());
    text("Until_Condition", 6, "None");
    text("Until_Log_File", FILE, "");
    big("Until_Log_Pos", 10, 0L);
  }

  private void error(String prefix, @Nullable LinkFailure failure) {
    number(prefix + "Errno", 4, failure == null ? 0 : errorNumber(failure.code()));
    text(prefix + "Error", 20, failure == null ? "" : errorText(failure.message()));
  }

  /** The server errors of 8.0 and later have numbers of their own. */
  private long errorNumber(int code) {
    return code == SOURCE_FATAL_BEFORE_8 && version.isAtLeast(8, 0) ? SOURCE_FATAL : code;
  }

  private String errorText(String message) {
    return version.isAtLeast(8, 0, 26)
        ? message.replace("Got fatal error 1236 from master", "Got fatal error 1236 from source")
        : message;
  }

  private void security() {
    MasterTls tls = config.tls();
    text(master + "_SSL_Allowed", 7, yes(tls.enabled()));
    text(master + "_SSL_CA_File", FILE, tls.ca());
    text(master + "_SSL_CA_Path", FILE, "");
    text(master + "_SSL_Cert", FILE, tls.cert());
    text(master + "_SSL_Cipher", FILE, "");
    text(master + "_SSL_Key", FILE, tls.key());
    big("Seconds_Behind_" + master, 10, link.isUp() ? status.counters().secondsBehind() : null);
    text(master + "_SSL_Verify_Server_Cert", 3, yes(tls.verify()));
  }

  private void errors() {
    error("Last_IO_", link.currentError());
    error("Last_SQL_", null);
    text("Replicate_Ignore_Server_Ids", FILE, "");
    MasterFacts facts = status.variables().facts();
    number(master + "_Server_Id", 8, facts == null ? 0 : facts.serverId());
    String uuid = status.variables().get("server_uuid");
    text(master + "_UUID", 36, uuid == null ? "" : uuid);
  }

  private void details() {
    text(master + "_Info_File", 1024, BinlogStatus.MASTER_FILE);
    number("SQL_Delay", 10, 0L);
    number("SQL_Remaining_Delay", 8, null);
    text(slave + "_SQL_Running_State", 20, config.wantsRunning() ? words.nothingToApply() : "");
    big(master + "_Retry_Count", 10, (long) config.retryCount());
    text(master + "_Bind", hostLength(), "");
    Instant failedAt = link.lastFailureAt();
    text(
        "Last_IO_Error_Timestamp",
        20,
        link.currentError() == null || failedAt == null ? "" : ERROR_TIME.format(failedAt));
    text("Last_SQL_Error_Timestamp", 20, "");
    text(master + "_SSL_Crl", FILE, "");
    text(master + "_SSL_Crlpath", FILE, "");
  }

  private void gtids() {
    String retrieved = status.retrievedGtids();
    text("Retrieved_Gtid_Set", retrieved.length(), retrieved);
    String executed = status.executedGtids();
    text("Executed_Gtid_Set", executed.length(), executed);
    number("Auto_Position", 8, status.autoPosition() ? 1L : 0L);
    if (!version.isAtLeast(5, 7)) {
      return;
    }
    text("Replicate_Rewrite_DB", 24, "");
    text("Channel_Name", 192, "");
    text(master + "_TLS_Version", FILE, "");
    if (!version.isAtLeast(8, 0)) {
      return;
    }
    text(master + "_public_key_path", FILE, config.publicKey().file());
    number(
        "Get_" + (master.equals("Master") ? "master" : master) + "_public_key",
        8,
        config.publicKey().fetch() ? 1L : 0L);
    if (version.isAtLeast(8, 0, 22)) {
      text("Network_Namespace", 193, "");
    }
  }
}
