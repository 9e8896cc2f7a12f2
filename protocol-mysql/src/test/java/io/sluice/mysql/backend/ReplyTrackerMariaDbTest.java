package io.sluice.mysql.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.request.MySqlRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers in the forms that only MariaDB has. */
class ReplyTrackerMariaDbTest {

  private static final Capabilities OLD =
      Capabilities.INTERNAL
          .without(Capabilities.LONG_PASSWORD)
          .with(
              Capabilities.MARIADB_CACHE_METADATA
                  | Capabilities.MARIADB_PROGRESS
                  | Capabilities.MARIADB_BULK
                  | Capabilities.MARIADB_BULK_UNIT_RESULTS);
  private static final Capabilities MODERN = OLD.with(Capabilities.DEPRECATE_EOF);

  private static final String COLUMN =
      "17000002 03646566 00 00 00 0131 00 0c3f00 02000000 08 8100 00 0000";
  private static final String ROW = "0a000004 00000100000000000000";
  private static final String EOF = "05000003 fe 0000 0200";
  private static final String OK_END = "07000005 fe 00 00 0200 0000";
  private static final String PROGRESS = "11000001 ffffff 01 01 02 102700 07636f7079696e67";
  private static final String OK = "07000002 00 00 00 0200 0000";

  /** The one answer, whatever the chunks, and nothing behind it. */
  private static MySqlReply one(Capabilities agreed, Command command, int step, String... parts) {
    ByteBuf stream =
        Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(String.join("", parts).replace(" ", "")));
    ReplyTracker tracker = new ReplyTracker(agreed);
    tracker.expect(command, MySqlRequest.of(command));
    MySqlReply reply = tracker.current();
    assertThat(reply).isNotNull();
    int end = stream.writerIndex();
    for (int at = 0; at < end; at += step) {
      assertThat(reply.isComplete()).isFalse();
      ByteBuf chunk = stream.slice(at, Math.min(step, end - at));
      assertThat(tracker.walk(chunk, 0)).isEqualTo(chunk.writerIndex());
    }
    assertThat(reply.isComplete()).isTrue();
    return reply;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1000})
  void shouldFindRowsBehindColumnsThatAreSent(int step) {
    assertThat(one(OLD, Command.QUERY, step, "02000001 0101", COLUMN, EOF, ROW, ROW, EOF).rows())
        .isEqualTo(2);
    assertThat(one(MODERN, Command.QUERY, step, "02000001 0101", COLUMN, ROW, OK_END).rows())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1000})
  void shouldFindRowsBehindColumnsThatAreLeftOut(int step) {
    assertThat(one(OLD, Command.STMT_EXECUTE, step, "02000001 0100", EOF, ROW, ROW, EOF).rows())
        .isEqualTo(2);
    assertThat(one(MODERN, Command.STMT_EXECUTE, step, "02000001 0100", ROW, OK_END).rows())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1000})
  void shouldNotTakeAProgressReportForAnError(int step) {
    MySqlReply reply = one(OLD, Command.QUERY, step, PROGRESS, PROGRESS, OK);

    assertThat(reply.isOk()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1000})
  void shouldTrackAnErrorBehindAProgressReport(int step) {
    MySqlReply reply = one(OLD, Command.QUERY, step, PROGRESS, "09000002 ff 1504 23 3238303030");

    assertThat(reply.error()).isNotNull();
    assertThat(reply.error().code()).isEqualTo(1045);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1000})
  void shouldTrackOneResultForEachRowOfABulkExecution(int step) {
    MySqlReply reply =
        one(
            OLD,
            Command.STMT_BULK_EXECUTE,
            step,
            "02000001 0201",
            COLUMN,
            COLUMN,
            EOF,
            ROW,
            ROW,
            ROW,
            EOF);

    assertThat(reply.rows()).isEqualTo(3);
  }

  @Test
  void shouldNotTakeWhatComesBehindTheDataForAnotherQuestion() {
    ReplyTracker tracker = new ReplyTracker(OLD);
    tracker.expect(Command.QUERY, MySqlRequest.of(Command.QUERY));
    MySqlReply reply = tracker.current();
    assertThat(reply).isNotNull();
    tracker.walk(hex("02000001 fb66"), 0);
    assertThat(reply.wantsClientData()).isTrue();
    tracker.walk(hex(PROGRESS), 0);
    assertThat(reply.wantsClientData()).isFalse();
    tracker.walk(hex("02000001 fb66"), 0);

    tracker.dataSent();
    tracker.walk(hex("070000"), 0);

    assertThat(reply.wantsClientData()).isFalse();
    tracker.walk(hex("02 00 00 00 0200 0000"), 0);
    assertThat(reply.isOk()).isTrue();
  }

  private static ByteBuf hex(String text) {
    return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(text.replace(" ", "")));
  }
}
