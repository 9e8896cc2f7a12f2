package io.sluice.binlog.sql.show;

import io.netty.buffer.ByteBuf;
import io.sluice.api.session.ReplyError;
import io.sluice.binlog.admin.BinlogStatus;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.master.MasterFacts;
import io.sluice.binlog.sql.Answer;
import io.sluice.binlog.sql.Client;
import io.sluice.binlog.sql.Diagnostics;
import io.sluice.binlog.sql.PresentedVersion;
import io.sluice.binlog.sql.ReplicationWords;
import io.sluice.binlog.sql.SqlError;
import io.sluice.binlog.sql.show.ShowStatement.Subject;
import io.sluice.binlog.store.StoredFile;
import io.sluice.binlog.store.Watermark;
import io.sluice.mysql.constant.FieldType;
import io.sluice.mysql.message.ColumnDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** SHOW of MySQL, 5.6 to 9.x. */
record MySqlShow(PresentedVersion version) implements ShowDialect {
  private static final int OLD_HOST = 20;
  private static final int HOST = 255;
  private static final int DEPRECATED = 1287;

  private MySqlColumns columns() {
    return new MySqlColumns(version);
  }

  private ReplicationWords words() {
    return new ReplicationWords(version);
  }

  @Override
  public SqlError unknownConnection(String name) {
    return words().unknownChannel(name);
  }

  @Override
  public Answer logStatus(BinlogStatus status) {
    Watermark end = status.store().watermark();
    String executed = status.executedGtids();
    List<List<@Nullable Object>> rows =
        end.isEmpty()
            ? List.of()
            : List.of(List.of(end.file().name(), end.offset(), "", "", executed));
    return new Answer.Rows(
        List.of(
            columns().text("File", 512),
            columns().bigNumber("Position", 20),
            columns().text("Binlog_Do_DB", 255),
            columns().text("Binlog_Ignore_DB", 255),
            columns().text("Executed_Gtid_Set", executed.length())),
        rows);
  }

  @Override
  public Answer binaryLogs(BinlogStatus status) {
    boolean encrypted = version.isAtLeast(8, 0, 14);
    List<ColumnDefinition> columns = new ArrayList<>();
    columns.add(columns().text("Log_name", 255));
    columns.add(columns().bigNumber("File_size", 20));
    if (encrypted) {
      columns.add(columns().text("Encrypted", 3));
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (StoredFile file : status.store().inventory().files()) {
      // What an encrypted master sends is plain, and so it is stored.
      rows.add(
          encrypted
              ? List.of(file.id().name(), file.size(), "No")
              : List.of(file.id().name(), file.size()));
    }
    return new Answer.Rows(columns, rows);
  }

  @Override
  public Answer replicaStatus(BinlogStatus status, Subject subject) {
    return MySqlReplicaStatus.of(status, version, subject == Subject.SLAVE_STATUS);
  }

  @Override
  public Answer replicas(BinlogStatus status, Subject subject) {
    boolean old = subject == Subject.SLAVE_HOSTS;
    MasterFacts facts = status.variables().facts();
    long masterId = facts == null ? 0 : facts.serverId();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    status
        .registry()
        .all()
        .forEach(
            replica -> {
              if (replica.isRegistered()) {
                rows.add(
                    List.of(
                        replica.serverId(),
                        replica.reportedHost(),
                        (long) replica.port(),
                        masterId,
                        Objects.requireNonNullElse(replica.uuid(), "")));
              }
            });
    return new Answer.Rows(
        List.of(
            columns().number(old ? "Server_id" : "Server_Id", 10),
            columns().text("Host", version.isAtLeast(8, 0, 17) ? HOST : OLD_HOST),
            columns().number("Port", 7),
            columns().number(old ? "Master_id" : "Source_Id", 10),
            columns().text(old ? "Slave_UUID" : "Replica_UUID", 36)),
        rows);
  }

  private List<ColumnDefinition> eventColumns() {
    return List.of(
        columns().text("Log_name", 20),
        columns().bigNumber("Pos", 11),
        columns().text("Event_type", 20),
        columns().number("Server_id", 10),
        columns().bigNumber("End_log_pos", 11),
        columns().text("Info", 20));
  }

  @Override
  public CompletableFuture<Answer> events(BinlogStatus status, EventRange range) {
    BinlogEvents.Style style =
        version.isAtLeast(8, 0) ? BinlogEvents.Style.MYSQL : BinlogEvents.Style.OLD_MYSQL;
    return new BinlogEvents(status.store(), this, style, eventColumns()).open(range);
  }

  @Override
  public Answer relayLogEvents() {
    return new Answer.Rows(eventColumns(), List.of());
  }

  @Override
  public String label(EventType type) {
    return MySqlEventInfo.label(type);
  }

  @Override
  public Object info(ByteBuf event, int length, FormatDescription format) {
    return MySqlEventInfo.of(event, length, format, version);
  }

  @Override
  public boolean needsWhole(EventType type) {
    return MySqlEventInfo.needsWhole(type);
  }

  @Override
  public Answer processList(BinlogStatus status, Client client, boolean full) {
    int host = version.isAtLeast(8, 0, 17) ? HOST : 64;
    List<ColumnDefinition> columns =
        List.of(
            columns().signed("Id", FieldType.LONGLONG, 21),
            columns().text("User", version.isAtLeast(5, 7) ? 32 : 16),
            columns().text("Host", host),
            columns().nullableText("db", 64),
            columns().text("Command", 16),
            columns().signed("Time", FieldType.LONG, 7),
            columns().nullableText("State", 30),
            full ? columns().longText("Info") : columns().nullableText("Info", 100));
    return new ProcessList(words(), client, full, ProcessList.Extra.NONE).answer(status, columns);
  }

  @Override
  public List<ColumnDefinition> conditionColumns() {
    return List.of(
        columns().text("Level", 7), columns().number("Code", 4), columns().text("Message", 512));
  }

  @Override
  public List<ColumnDefinition> pairColumns(Subject subject) {
    String table =
        switch (subject) {
          case STATUS -> "session_status";
          case GLOBAL_STATUS -> "global_status";
          case GLOBAL_VARIABLES -> "global_variables";
          default -> "session_variables";
        };
    return List.of(
        columns().ofTable(table, "Variable_name", 64, false),
        columns().ofTable(table, "Value", 1024, true));
  }

  @Override
  public Map<String, String> statusVariables(BinlogStatus status) {
    return StatusVariables.ofMySql(status, version);
  }

  @Override
  public Answer grants(Client client) {
    return new Answer.Rows(
        List.of(columns().text("Grants for " + client.account(), 1024)),
        Grants.ofMySql(client, version));
  }

  @Override
  public SqlError othersGrants(Client client) {
    String account = Grants.quoted(client.account(), '\'');
    return new SqlError(
        version.isAtLeast(8, 0)
            ? new ReplyError(
                1142,
                "42000",
                "SELECT command denied to user "
                    + Grants.quoted(client.user() + "@" + client.host(), '\'')
                    + " for table 'user'")
            : new ReplyError(
                1044, "42000", "Access denied for user " + account + " to database 'mysql'"));
  }

  @Override
  public ColumnDefinition databaseColumn() {
    return columns().database();
  }

  /** The list of processes that is not from the performance schema is to be taken out. */
  @Override
  public Diagnostics.@Nullable Condition warning(Subject subject, BinlogStatus status) {
    boolean list = subject == Subject.PROCESSLIST || subject == Subject.FULL_PROCESSLIST;
    String elsewhere = status.variables().get("performance_schema_show_processlist");
    boolean old = elsewhere != null && elsewhere.toUpperCase(Locale.ROOT).equals("OFF");
    boolean known =
        version.isAtLeast(8, 2)
            || (version.isAtLeast(8, 0, 35) && version.major() == 8 && version.minor() == 0);
    return !list || !old || !known
        ? null
        : new Diagnostics.Condition(
            Diagnostics.Level.WARNING,
            DEPRECATED,
            "'INFORMATION_SCHEMA.PROCESSLIST' is deprecated and will be removed in a future release."
                + " Please use performance_schema.processlist instead");
  }
}
