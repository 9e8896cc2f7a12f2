package io.sluice.binlog.sql.show;

import io.netty.buffer.ByteBuf;
import io.sluice.api.session.ReplyError;
import io.sluice.binlog.admin.BinlogStatus;
import io.sluice.binlog.event.EventType;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.master.MasterFacts;
import io.sluice.binlog.sql.Answer;
import io.sluice.binlog.sql.Client;
import io.sluice.binlog.sql.PresentedVersion;
import io.sluice.binlog.sql.ReplicationWords;
import io.sluice.binlog.sql.SqlError;
import io.sluice.binlog.sql.show.ShowStatement.Subject;
import io.sluice.binlog.store.StoredFile;
import io.sluice.binlog.store.Watermark;
import io.sluice.mysql.message.ColumnDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** SHOW of MariaDB. */
record MariaDbShow(PresentedVersion version) implements ShowDialect {

  @Override
  public SqlError unknownConnection(String name) {
    return SqlError.unknownConnection(name);
  }

  @Override
  public Answer logStatus(BinlogStatus status) {
    Watermark end = status.store().watermark();
    List<List<@Nullable Object>> rows =
        end.isEmpty() ? List.of() : List.of(List.of(end.file().name(), end.offset(), "", ""));
    return new Answer.Rows(
        List.of(
            Columns.text("File", 512),
            Columns.bigNumber("Position", 20),
            Columns.text("Binlog_Do_DB", 255),
            Columns.text("Binlog_Ignore_DB", 255)),
        rows);
  }

  @Override
  public Answer binaryLogs(BinlogStatus status) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (StoredFile file : status.store().inventory().files()) {
      rows.add(List.of(file.id().name(), file.size()));
    }
    return new Answer.Rows(
        List.of(Columns.text("Log_name", 255), Columns.bigNumber("File_size", 20)), rows);
  }

  @Override
  public Answer replicaStatus(BinlogStatus status, Subject subject) {
    return SlaveStatus.of(
        status, status.control().config(), version, subject == Subject.ALL_SLAVES_STATUS);
  }

  @Override
  public Answer replicas(BinlogStatus status, Subject subject) {
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
                    List.of(replica.serverId(), replica.host(), (long) replica.port(), masterId));
              }
            });
    return new Answer.Rows(
        List.of(
            Columns.number("Server_id", 10),
            Columns.text("Host", 20),
            Columns.number("Port", 7),
            Columns.number("Master_id", 10)),
        rows);
  }

  @Override
  public CompletableFuture<Answer> events(BinlogStatus status, EventRange range) {
    List<ColumnDefinition> columns =
        List.of(
            Columns.text("Log_name", 20),
            Columns.bigNumber("Pos", 21),
            Columns.text("Event_type", 20),
            Columns.number("Server_id", 10),
            Columns.bigNumber("End_log_pos", 21),
            Columns.text("Info", 20));
    return new BinlogEvents(status.store(), this, BinlogEvents.Style.MARIADB, columns).open(range);
  }

  @Override
  public Answer relayLogEvents() {
    throw BinlogEvents.error(BinlogEvents.NO_FILE);
  }

  @Override
  public String label(EventType type) {
    return type.label();
  }

  @Override
  public Object info(ByteBuf event, int length, FormatDescription format) {
    return EventInfo.of(event, length, format, version);
  }

  @Override
  public boolean needsWhole(EventType type) {
    return EventInfo.needsWhole(type);
  }

  @Override
  public Answer processList(BinlogStatus status, Client client, boolean full) {
    return new ProcessList(new ReplicationWords(version), client, full, ProcessList.Extra.PROGRESS)
        .answer(status, ProcessList.mariaDbColumns(full));
  }

  @Override
  public List<ColumnDefinition> conditionColumns() {
    return List.of(
        Columns.text("Level", 7), Columns.number("Code", 4), Columns.text("Message", 512));
  }

  @Override
  public List<ColumnDefinition> pairColumns(Subject subject) {
    boolean isStatus = subject == Subject.STATUS || subject == Subject.GLOBAL_STATUS;
    String table = isStatus ? "SESSION_STATUS" : "SESSION_VARIABLES";
    int length = version.isAtLeast(10, 6) ? 4096 : 2048;
    return List.of(
        Columns.ofTable(table, "VARIABLE_NAME", Columns.text("Variable_name", 64), false),
        Columns.ofTable(table, "VARIABLE_VALUE", Columns.text("Value", length), false));
  }

  @Override
  public Map<String, String> statusVariables(BinlogStatus status) {
    return StatusVariables.ofMariaDb(status, status.control().config());
  }

  @Override
  public Answer grants(Client client) {
    return new Answer.Rows(
        List.of(Columns.text("Grants for " + client.account(), 1024)), Grants.ofMariaDb(client));
  }

  @Override
  public SqlError othersGrants(Client client) {
    return new SqlError(
        new ReplyError(
            1044,
            "42000",
            "Access denied for user "
                + Grants.quoted(client.account(), '\'')
                + " to database 'mysql'"));
  }

  @Override
  public ColumnDefinition databaseColumn() {
    return Columns.ofTable("SCHEMATA", "SCHEMA_NAME", Columns.text("Database", 64), false);
  }
}
