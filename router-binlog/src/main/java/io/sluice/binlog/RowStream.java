package io.sluice.binlog;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.api.session.ReplyError;
import io.sluice.api.session.SessionContext;
import io.sluice.binlog.sql.Answer;
import io.sluice.binlog.sql.SqlError;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.constant.ServerStatus;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.result.ResultSetWriter;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends a result set batch by batch while the client takes it: the next rows are made when those
 * before have left. Confined to the event loop of the session.
 */
final class RowStream {
  private final SessionContext session;
  private final Answer.Stream answer;
  private final MySqlReply reply;
  private final ResultSetWriter writer;
  private final Consumer<ByteBuf> sent;
  private final Consumer<@Nullable ReplyError> end;
  private boolean asking;
  private boolean over;

  /**
   * A stream.
   *
   * @param sent sees each chunk before it goes
   * @param end is told the error that ended it, or null
   */
  RowStream(
      SessionContext session,
      MySqlRequest request,
      int sequence,
      Capabilities capabilities,
      Answer.Stream answer,
      Consumer<ByteBuf> sent,
      Consumer<@Nullable ReplyError> end) {
    this.session = session;
    this.answer = answer;
    this.reply = new MySqlReply(request);
    this.writer =
        new ResultSetWriter(ByteBufAllocator.DEFAULT, sequence, capabilities)
            .columns(answer.columns());
    this.sent = sent;
    this.end = end;
  }

  /** Goes on, if it waited for the client. */
  void proceed() {
    if (over || asking || !session.isClientWritable()) {
      return;
    }
    asking = true;
    answer
        .source()
        .next()
        .whenComplete((rows, error) -> session.eventLoop().execute(() -> onRows(rows, error)));
  }

  private void onRows(@Nullable List<List<@Nullable Object>> rows, @Nullable Throwable error) {
    asking = false;
    if (over) {
      return;
    }
    if (error != null || rows == null) {
      ReplyError told = told(error);
      over = true;
      end.accept(told);
      reply.fail(told);
      forward(writer.fail(told));
    } else if (rows.isEmpty()) {
      over = true;
      end.accept(null);
      reply.status(ServerStatus.AUTOCOMMIT, 0);
      reply.finish();
      forward(writer.finish(ServerStatus.AUTOCOMMIT));
    } else {
      rows.forEach(row -> writer.row(row.toArray()));
      forward(writer.take());
      proceed();
    }
  }

  private void forward(ByteBuf chunk) {
    sent.accept(chunk);
    session.upstream().clientReply(chunk, reply);
  }

  private static ReplyError told(@Nullable Throwable error) {
    Throwable cause = error;
    while (cause != null && !(cause instanceof SqlError)) {
      cause = cause.getCause();
    }
    return cause instanceof SqlError sqlError
        ? sqlError.error()
        : ErrorCode.UNKNOWN_ERROR.error("The log cannot be read");
  }

  /** The session ends. */
  void close() {
    if (!over) {
      over = true;
      writer.abandon();
    }
  }
}
