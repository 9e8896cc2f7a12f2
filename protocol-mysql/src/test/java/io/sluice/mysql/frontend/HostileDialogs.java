package io.sluice.mysql.frontend;

import io.sluice.mysql.constant.Command;
import io.sluice.testkit.wire.HexCapture;
import io.sluice.testkit.wire.WireWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What clients really said after their login, and what they may say, to be spoilt. */
final class HostileDialogs {

  private static final List<String> CAPTURES =
      List.of(
          "mariadb-10.11.19/admin-ping",
          "mariadb-10.11.19/admin-status",
          "mariadb-10.11.19/binlog-nofile",
          "mariadb-10.11.19/binlog-plain",
          "mariadb-10.11.19/cli-interactive-db-quit",
          "mariadb-10.11.19/connectorj",
          "mariadb-10.11.19/filepos-first",
          "mysql-9.7.4/admin-status",
          "mysql-9.7.4/binlog-gtids",
          "mysql-9.7.4/cli-batch",
          "mysql-9.7.4/connectorj");

  private HostileDialogs() {}

  /** Lists of commands with their headers. */
  static List<List<byte[]>> all() {
    List<List<byte[]>> dialogs = new ArrayList<>();
    for (String capture : CAPTURES) {
      for (HexCapture.Session session : HexCapture.load("/golden/" + capture + ".hex").sessions()) {
        List<byte[]> commands =
            session.messages().stream()
                .filter(HexCapture.Message::fromClient)
                .filter(message -> message.sequence() == 0)
                .map(HexCapture.Message::bytes)
                .toList();
        if (!commands.isEmpty()) {
          dialogs.add(commands);
        }
      }
    }
    dialogs.add(statements());
    dialogs.add(texts());
    dialogs.add(rest());
    return dialogs;
  }

  private static byte[] framed(int sequence, byte[] payload) {
    return Peer.framed(sequence, payload);
  }

  private static byte[] text(Command command, String text) {
    return framed(0, new WireWriter().u1(command.code()).text(text).toBytes());
  }

  private static List<byte[]> texts() {
    return List.of(
        text(Command.QUERY, "SELECT 1, 'a', NULL"),
        text(Command.QUERY, "SELECT seq, REPEAT('x', 200) FROM seq_1_to_500"),
        text(Command.QUERY, "SELECT 1; SELECT 2; DO 3"),
        text(Command.QUERY, "SELECT nothing FROM nowhere"),
        text(Command.QUERY, "LOAD DATA LOCAL INFILE 'x' INTO TABLE fuzz.t"),
        framed(2, "1\n2\n".getBytes(StandardCharsets.UTF_8)),
        framed(3, new byte[0]),
        text(Command.QUERY, "SET NAMES utf8mb4"),
        text(Command.QUERY, "PREPARE s FROM 'SELECT ?'"),
        text(Command.QUERY, "EXECUTE s USING @a"),
        text(Command.QUERY, "BEGIN"),
        text(Command.QUERY, "INSERT INTO fuzz.t VALUES (1)"),
        text(Command.QUERY, "ROLLBACK"));
  }

  private static List<byte[]> statements() {
    return Stream.of(
            new WireWriter().u1(Command.STMT_PREPARE.code()).text("SELECT ?, ? FROM fuzz.t"),
            new WireWriter().u1(Command.STMT_SEND_LONG_DATA.code()).u4(1).u2(0).text("long"),
            new WireWriter()
                .u1(Command.STMT_EXECUTE.code())
                .u4(1)
                .u1(0)
                .u4(1)
                .u1(0)
                .u1(1)
                .u2(253)
                .u2(8)
                .text("\u0001x")
                .u4(7)
                .u4(0),
            new WireWriter()
                .u1(Command.STMT_EXECUTE.code())
                .u4(1)
                .u1(1)
                .u4(1)
                .u1(0)
                .u1(1)
                .u2(253)
                .u2(8)
                .text("\u0001x")
                .u4(7)
                .u4(0),
            new WireWriter().u1(Command.STMT_FETCH.code()).u4(1).u4(10),
            new WireWriter().u1(Command.STMT_RESET.code()).u4(1),
            new WireWriter()
                .u1(Command.STMT_BULK_EXECUTE.code())
                .u4(1)
                .u2(128)
                .u2(253)
                .u2(8)
                .u1(0)
                .text("\u0001x")
                .u1(0)
                .u4(7)
                .u4(0),
            new WireWriter().u1(Command.STMT_EXECUTE.code()).u4(0xffffffffL).u1(0).u4(1),
            new WireWriter().u1(Command.STMT_CLOSE.code()).u4(1))
        .map(writer -> framed(0, writer.toBytes()))
        .toList();
  }

  private static List<byte[]> rest() {
    return Stream.of(
            new WireWriter().u1(Command.PING.code()),
            new WireWriter().u1(Command.INIT_DB.code()).text("fuzz"),
            new WireWriter().u1(Command.FIELD_LIST.code()).nulText("t").text("%"),
            new WireWriter().u1(Command.STATISTICS.code()),
            new WireWriter().u1(Command.SET_OPTION.code()).u2(0),
            new WireWriter().u1(Command.PROCESS_INFO.code()),
            new WireWriter().u1(Command.PROCESS_KILL.code()).u4(1),
            new WireWriter().u1(Command.DEBUG.code()),
            new WireWriter().u1(Command.RESET_CONNECTION.code()),
            new WireWriter()
                .u1(Command.CHANGE_USER.code())
                .nulText("fuzz")
                .u1(0)
                .nulText("fuzz")
                .u2(45)
                .nulText("mysql_native_password"),
            new WireWriter().u1(Command.PING.code()))
        .map(writer -> framed(0, writer.toBytes()))
        .toList();
  }
}
