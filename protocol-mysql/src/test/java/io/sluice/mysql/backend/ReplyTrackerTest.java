package io.sluice.mysql.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.constant.ServerStatus;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.wire.Packets;
import io.sluice.mysql.wire.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyTrackerTest {

  private static final Capabilities CLASSIC = Capabilities.INTERNAL;
  private static final Capabilities MODERN =
      Capabilities.INTERNAL.with(Capabilities.DEPRECATE_EOF | Capabilities.SESSION_TRACK);

  private static final String OK = "07000001 00 00 00 0200 0000";
  private static final String COUNT_1 = "01000001 01";
  private static final String COLUMN =
      "17000002 03646566 00 00 00 0131 00 0c3f00 02000000 08 8100 00 0000";
  private static final String EOF = "05000003 fe 0000 0200";
  private static final String ROW = "02000004 0131";
  private static final String EOF_END = "05000005 fe 0000 0200";
  private static final String EOF_MORE = "05000005 fe 0000 0a00";
  private static final String OK_END = "07000005 fe 00 00 0200 0000";
  private static final String ERR = "09000001 ff 1504 23 3238303030";

  private static ByteBuf hex(String... parts) {
    return Unpooled.wrappedBuffer(
        ByteBufUtil.decodeHexDump(String.join("", parts).replace(" ", "")));
  }

  /** Feeds the stream in steps and returns the replies with the number of bytes of each. */
  private static List<MySqlReply> feed(ReplyTracker tracker, ByteBuf stream, int step) {
    List<MySqlReply> complete = new ArrayList<>();
    int at = stream.readerIndex();
    while (at < stream.writerIndex()) {
      ByteBuf chunk = stream.slice(at, Math.min(step, stream.writerIndex() - at));
      int from = 0;
      while (from < chunk.writerIndex()) {
        int stop = tracker.walk(chunk, from);
        MySqlReply reply = tracker.current();
        if (reply == null) {
          from = stop;
          continue;
        }
        reply.addBytes(stop - from);
        if (reply.isComplete()) {
          complete.add(reply);
          tracker.advance();
        }
        from = stop;
      }
      at += chunk.writerIndex();
    }
    return complete;
  }

  private static MySqlReply one(Capabilities agreed, Command command, String... answer) {
    ByteBuf stream = hex(answer);
    ReplyTracker tracker = new ReplyTracker(agreed);
    tracker.expect(command, MySqlRequest.of(command));
    List<MySqlReply> whole = feed(tracker, stream, stream.readableBytes());
    assertThat(tracker.current()).isNull();
    ReplyTracker dripTracker = new ReplyTracker(agreed);
    dripTracker.expect(command, MySqlRequest.of(command));
    List<MySqlReply> dripped = feed(dripTracker, stream, 1);
    assertThat(dripped).usingRecursiveComparison().isEqualTo(whole);
    assertThat(whole).hasSize(1);
    assertThat(whole.get(0).bytes()).isEqualTo(stream.readableBytes());
    return whole.get(0);
  }

  /** As MySQL 5.6 and 9.7 answer: the EOF behind the output parameters does not tell of the OK. */
  @Test
  void shouldFindTheOkBehindOutputParameters() {
    MySqlReply reply =
        one(
            Capabilities.INTERNAL,
            Command.STMT_EXECUTE,
            "01000001 01",
            "17000002 0364656600000001 31000c3f00 0100000008 8100000000",
            "05000003 fe00000a00",
            "0a000004 00000100000000000000",
            "05000005 fe00002a00",
            "01000006 01",
            "22000007 036465660473686f700374776f0374776f016f016f0c3f000b000000030000000000",
            "05000008 fe00002a10",
            "06000009 000004000000",
            "0500000a fe00002200",
            "0700000b 00000022000000");

    assertThat(reply.rows()).isEqualTo(2);
    assertThat(reply.error()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mariadb-10.11.19/cli-batch",
        "mariadb-10.11.19/cli-interactive-db-quit",
        "mariadb-10.11.19/admin-ping",
        "mariadb-10.11.19/admin-status",
        "mariadb-10.11.19/binlog-nofile",
        "mariadb-10.11.19/connectorj",
        "mariadb-10.11.19/filepos-first",
        "mariadb-10.11.19/err-noprivilege",
        "mysql-9.7.4/cli-batch",
        "mysql-9.7.4/admin-status",
        "mysql-9.7.4/connectorj",
        "mysql-9.7.4/binlog-nofile"
      })
  void shouldFindTheEndOfEachCapturedAnswer(String capture) {
    Exchanges exchanges = Exchanges.load(capture);
    for (int step : new int[] {1, 3, 7, 100, Integer.MAX_VALUE}) {
      ReplyTracker tracker = new ReplyTracker(exchanges.agreed());
      ByteBuf stream = Unpooled.buffer();
      List<Long> lengths = new ArrayList<>();
      for (Exchanges.Exchange exchange : exchanges.list()) {
        // Whatever is endless or cut off by the end of the recording comes last.
        if (exchange.command().expectsReply()) {
          tracker.expect(exchange.command(), MySqlRequest.of(exchange.command()));
          stream.writeBytes(exchange.answer());
          lengths.add((long) exchange.answer().length);
        }
      }

      List<MySqlReply> replies = feed(tracker, stream, step);

      List<Long> found = new ArrayList<>(replies.stream().map(MySqlReply::bytes).toList());
      MySqlReply last = tracker.current();
      if (last != null) {
        assertThat(((MySqlRequest) last.request()).command().isDump()).isTrue();
        found.add(last.bytes());
      }
      assertThat(found).isEqualTo(lengths);
    }
  }

  @Test
  void shouldTrackOk() {
    MySqlReply reply = one(CLASSIC, Command.QUERY, "07000001 00 05 07 0300 0200");

    assertThat(reply.affectedRows()).isEqualTo(5);
    assertThat(reply.lastInsertId()).isEqualTo(7);
    assertThat(reply.warnings()).isEqualTo(2);
    assertThat(reply.isInTransaction()).isTrue();
    assertThat(reply.isAutocommit()).isTrue();
    assertThat(reply.isOk()).isTrue();
  }

  @Test
  void shouldTrackAnError() {
    MySqlReply reply = one(CLASSIC, Command.QUERY, ERR);

    assertThat(reply.error().code()).isEqualTo(1045);
    assertThat(reply.isOk()).isFalse();
  }

  @Test
  void shouldTrackATextResultSet() {
    MySqlReply reply = one(CLASSIC, Command.QUERY, COUNT_1, COLUMN, EOF, ROW, ROW, EOF_END);

    assertThat(reply.rows()).isEqualTo(2);
    assertThat(reply.isResultSet()).isTrue();
  }

  @Test
  void shouldTrackAResultSetWithoutEof() {
    MySqlReply reply = one(MODERN, Command.QUERY, COUNT_1, COLUMN, ROW, ROW, OK_END);

    assertThat(reply.rows()).isEqualTo(2);
    assertThat(reply.serverStatus()).isEqualTo(ServerStatus.AUTOCOMMIT);
  }

  @Test
  void shouldTrackAnEndThatLooksLikeALongOk() {
    // Changes of the session make the packet longer than any EOF.
    MySqlReply reply =
        one(MODERN, Command.QUERY, COUNT_1, COLUMN, "0d000005 fe 00 00 0240 0000 00 04 01020164");

    assertThat(reply.serverStatus()).isEqualTo(0x4002);
    assertThat(reply.rows()).isZero();
  }

  @Test
  void shouldTrackABinaryResultSet() {
    MySqlReply reply =
        one(CLASSIC, Command.STMT_EXECUTE, COUNT_1, COLUMN, EOF, "03000004 00 00 01", EOF_END);

    assertThat(reply.rows()).isEqualTo(1);
  }

  @Test
  void shouldTrackSeveralResults() {
    MySqlReply reply =
        one(
            CLASSIC,
            Command.QUERY,
            COUNT_1,
            COLUMN,
            EOF,
            ROW,
            EOF_MORE,
            "07000001 00 01 00 0a00 0000",
            COUNT_1,
            COLUMN,
            EOF,
            ROW,
            ROW,
            EOF_MORE,
            OK);

    assertThat(reply.rows()).isEqualTo(3);
    assertThat(reply.isOk()).isTrue();
  }

  @Test
  void shouldTrackAnErrorBehindRows() {
    MySqlReply reply = one(CLASSIC, Command.QUERY, COUNT_1, COLUMN, EOF, ROW, ERR);

    assertThat(reply.rows()).isEqualTo(1);
    assertThat(reply.error().code()).isEqualTo(1045);
  }

  @Test
  void shouldTrackACursor() {
    MySqlReply opened =
        one(CLASSIC, Command.STMT_EXECUTE, COUNT_1, COLUMN, "05000003 fe 0000 4200");
    MySqlReply openedModern =
        one(MODERN, Command.STMT_EXECUTE, COUNT_1, COLUMN, "07000003 fe 00 00 4200 0000");
    MySqlReply fetched =
        one(CLASSIC, Command.STMT_FETCH, "03000001 00 00 01", "05000002 fe 0000 c200");
    MySqlReply failed = one(CLASSIC, Command.STMT_FETCH, ERR);

    assertThat(opened.rows()).isZero();
    assertThat(openedModern.rows()).isZero();
    assertThat(fetched.rows()).isEqualTo(1);
    assertThat(failed.error()).isNotNull();
  }

  @Test
  void shouldTrackAPreparedStatement() {
    String prepared = "0c000001 00 09000000 0200 0100 00 0000";

    MySqlReply classic =
        one(CLASSIC, Command.STMT_PREPARE, prepared, COLUMN, EOF, COLUMN, COLUMN, EOF);
    MySqlReply modern = one(MODERN, Command.STMT_PREPARE, prepared, COLUMN, COLUMN, COLUMN);
    MySqlReply without =
        one(CLASSIC, Command.STMT_PREPARE, "0c000001 00 0a000000 0000 0000 00 0000");
    MySqlReply failed = one(CLASSIC, Command.STMT_PREPARE, ERR);

    assertThat(classic.statementId()).isEqualTo(9);
    assertThat(modern.statementId()).isEqualTo(9);
    assertThat(without.statementId()).isEqualTo(10);
    assertThat(failed.statementId()).isEqualTo(MySqlRequest.NO_STATEMENT_ID);
  }

  @Test
  void shouldTellThatTheServerWaitsForAFile() {
    ReplyTracker tracker = new ReplyTracker(CLASSIC);
    tracker.expect(Command.QUERY, MySqlRequest.of(Command.QUERY));

    List<MySqlReply> before = feed(tracker, hex("03000001 fb 2f61"), 1);
    assertThat(before).isEmpty();
    assertThat(tracker.current().wantsClientData()).isTrue();
    assertThat(feed(tracker, hex("0700"), 2)).isEmpty();
    assertThat(tracker.current().wantsClientData()).isFalse();
    List<MySqlReply> after = feed(tracker, hex("0004 00 03 00 0200 0000"), 1);

    assertThat(after).hasSize(1);
    assertThat(after.get(0).wantsClientData()).isFalse();
    assertThat(after.get(0).affectedRows()).isEqualTo(3);
  }

  @Test
  void shouldTrackAChangeOfTheUser() {
    MySqlReply direct = one(CLASSIC, Command.CHANGE_USER, "07000001 00 00 00 0200 0000");
    MySqlReply asked =
        one(
            CLASSIC,
            Command.CHANGE_USER,
            "04000001 fe 6e 00 01",
            "02000003 01 03",
            "07000004 00 00 00 0200 0000");

    assertThat(direct.isOk()).isTrue();
    assertThat(asked.isOk()).isTrue();
  }

  @Test
  void shouldTrackAnswersOfOnePacket() {
    assertThat(one(CLASSIC, Command.STATISTICS, "03000001 557074").isOk()).isTrue();
    assertThat(one(CLASSIC, Command.SET_OPTION, "05000001 fe 0000 0200").isOk()).isTrue();
    assertThat(one(MODERN, Command.SET_OPTION, "07000001 fe 00 00 0200 0000").isOk()).isTrue();
    assertThat(one(CLASSIC, Command.PING, OK).isOk()).isTrue();
    assertThat(one(CLASSIC, Command.STATISTICS, ERR).error()).isNotNull();
  }

  @Test
  void shouldTrackFields() {
    MySqlReply classic = one(CLASSIC, Command.FIELD_LIST, COLUMN, COLUMN, EOF_END);
    MySqlReply modern = one(MODERN, Command.FIELD_LIST, COLUMN, OK_END);

    assertThat(classic.rows()).isZero();
    assertThat(modern.isOk()).isTrue();
  }

  @Test
  void shouldEndADumpOnlyWithEofOrAnError() {
    ReplyTracker tracker = new ReplyTracker(CLASSIC);
    tracker.expect(Command.BINLOG_DUMP, MySqlRequest.of(Command.BINLOG_DUMP));

    assertThat(feed(tracker, hex("02000001 00 01", "03000002 00 fe ff", ROW), 2)).isEmpty();
    List<MySqlReply> ended = feed(tracker, hex("05000003 fe 0000 0200"), 2);

    assertThat(ended).hasSize(1);
    assertThat(ended.get(0).bytes()).isEqualTo(6 + 7 + 6 + 9);
    assertThat(one(CLASSIC, Command.BINLOG_DUMP, "02000001 00 01", ERR).error()).isNotNull();
  }

  @Test
  void shouldNotTakeAHugeRowForTheEnd() {
    for (Capabilities agreed : List.of(CLASSIC, MODERN)) {
      ReplyTracker tracker = new ReplyTracker(agreed);
      tracker.expect(Command.QUERY, MySqlRequest.of(Command.QUERY));
      ByteBuf head = agreed == MODERN ? hex(COUNT_1, COLUMN) : hex(COUNT_1, COLUMN, EOF);
      assertThat(feed(tracker, head, 5)).isEmpty();
      // 40 MB in one value: begins with 0xfe, and so does what would be the rest of the value.
      int length = 40_000_000;
      ByteBuf row = Unpooled.buffer(length + 9);
      row.writeByte(0xfe).writeLongLE(length);
      row.writeZero(length);
      row.setByte(Packets.MAX_PAYLOAD, 0xfe);
      row.setByte(2 * Packets.MAX_PAYLOAD, 0xff);
      ByteBuf framed = Packets.frame(Unpooled.buffer().alloc(), 4, row);

      assertThat(feed(tracker, framed, 60_000)).isEmpty();
      assertThat(tracker.current().rows()).isEqualTo(1);
      List<MySqlReply> ended = feed(tracker, hex(agreed == MODERN ? OK_END : EOF_END), 100);

      assertThat(ended).hasSize(1);
      framed.release();
    }
  }

  @Test
  void shouldTakeAnEmptyContinuationForPartOfTheRow() {
    ReplyTracker tracker = new ReplyTracker(CLASSIC);
    tracker.expect(Command.QUERY, MySqlRequest.of(Command.QUERY));
    feed(tracker, hex(COUNT_1, COLUMN, EOF), 100);
    ByteBuf row = Unpooled.buffer(Packets.MAX_PAYLOAD).writeZero(Packets.MAX_PAYLOAD);
    row.setByte(0, 0xfd).setMediumLE(1, Packets.MAX_PAYLOAD - 4);
    ByteBuf framed = Packets.frame(row.alloc(), 4, row);

    feed(tracker, framed, 1 << 20);

    assertThat(tracker.current().rows()).isEqualTo(1);
    framed.release();
  }

  @Test
  void shouldKeepRequestsUnderWayApart() {
    ReplyTracker tracker = new ReplyTracker(CLASSIC);
    List<Command> commands =
        List.of(Command.QUERY, Command.STATISTICS, Command.STMT_PREPARE, Command.PING);
    commands.forEach(command -> tracker.expect(command, MySqlRequest.of(command)));
    ByteBuf stream =
        hex(
            COUNT_1,
            COLUMN,
            EOF,
            ROW,
            EOF_END,
            "02000001 5570",
            "0c000001 00 09000000 0000 0000 00 0000",
            OK);

    List<MySqlReply> replies = feed(tracker, stream, stream.readableBytes());

    assertThat(replies.stream().map(r -> ((MySqlRequest) r.request()).command()))
        .isEqualTo(commands);
    assertThat(replies.stream().map(MySqlReply::bytes)).containsExactly(56L, 6L, 16L, 11L);
  }

  @Test
  void shouldNoteAFarewell() {
    ReplyTracker tracker = new ReplyTracker(CLASSIC);

    feed(tracker, hex("0c000000 ff bf0f 23 4859303030 627965"), 3);

    assertThat(tracker.farewell().code()).isEqualTo(4031);
    assertThat(tracker.farewell().message()).isEqualTo("bye");
  }

  @Test
  void shouldRefuseWhatCannotBeAnAnswer() {
    assertThatThrownBy(() -> feed(new ReplyTracker(CLASSIC), hex(OK), 100))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("unasked");
    assertThatThrownBy(() -> one(CLASSIC, Command.QUERY, "00000001"))
        .isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> one(CLASSIC, Command.QUERY, COUNT_1, COLUMN, ROW))
        .isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> one(CLASSIC, Command.STMT_PREPARE, ROW))
        .isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> one(CLASSIC, Command.QUERY, "0a000001 fe 000000000000000000"))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void shouldThrowNothingElseOnRandomBytes() {
    Random random = new Random(17);
    Command[] commands = Command.values();
    int refused = 0;
    for (int round = 0; round < 5_000; round++) {
      ReplyTracker tracker = new ReplyTracker(random.nextBoolean() ? CLASSIC : MODERN);
      for (int i = 0; i < 3; i++) {
        Command command = commands[random.nextInt(commands.length)];
        tracker.expect(command, MySqlRequest.of(command));
      }
      ByteBuf stream = Unpooled.buffer();
      for (int i = 0; i < 20; i++) {
        byte[] payload = new byte[random.nextInt(12)];
        random.nextBytes(payload);
        if (payload.length > 0 && random.nextInt(3) > 0) {
          payload[0] = (byte) new int[] {0, 1, 0xfb, 0xfe, 0xff}[random.nextInt(5)];
        }
        int length = random.nextInt(50) == 0 ? random.nextInt() : payload.length;
        stream.writeMediumLE(length).writeByte(i).writeBytes(payload);
      }
      try {
        feed(tracker, stream, 1 + random.nextInt(40));
      } catch (ProtocolException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }
}
