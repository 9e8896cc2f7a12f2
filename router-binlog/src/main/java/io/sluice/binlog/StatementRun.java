package io.sluice.binlog;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.api.session.ReplyError;
import io.sluice.binlog.sql.Answer;
import io.sluice.binlog.sql.SessionVariables;
import io.sluice.binlog.sql.StatementExecutor;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.constant.ServerStatus;
import io.sluice.mysql.message.OkPacket;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.result.ResultSetWriter;
import io.sluice.mysql.wire.Packets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one request: runs them one after the other, up to the first that fails, and
 * sends their answers together. Confined to the event loop of the session.
 */
final class StatementRun {

  /** Where answers go. */
  interface Outcome {
    /** Runs a task later, on the event loop of the session. */
    void later(Runnable task);

    /** Sends all answers. */
    void reply(ByteBuf packets, MySqlReply reply);

    /**
     * Sends the answers so far and then rows that come one by one.
     *
     * @param before owned by the callee; may be empty
     * @param next the number of the next packet
     */
    void stream(Answer.Stream stream, ByteBuf before, int next);

    /** A statement failed by our own fault. */
    void failed(Throwable error);
  }

  private final StatementExecutor executor;
  private final SessionVariables variables;
  private final Capabilities capabilities;
  private final MySqlRequest request;
  private final List<String> statements;
  private final Outcome outcome;
  private final ByteBuf out = ByteBufAllocator.DEFAULT.buffer();
  private int sequence;
  private int index;
  private boolean over;

  StatementRun(
      StatementExecutor executor,
      SessionVariables variables,
      Capabilities capabilities,
      MySqlRequest request,
      int sequence,
      List<String> statements,
      Outcome outcome) {
    this.executor = executor;
    this.variables = variables;
    this.capabilities = capabilities;
    this.request = request;
    this.sequence = sequence;
    this.statements = statements;
    this.outcome = outcome;
  }

  /** Runs as far as answers are there at once; the rest follows. */
  void start() {
    while (!over) {
      CompletableFuture<Answer> answer = executor.execute(statements.get(index));
      if (!answer.isDone()) {
        answer.whenComplete((value, error) -> outcome.later(() -> resume(answer)));
        return;
      }
      take(answer);
    }
  }

  private void resume(CompletableFuture<Answer> answer) {
    if (!over) {
      take(answer);
      start();
    }
  }

  /** The session is over: nothing is sent any more. */
  void abandon() {
    if (!over) {
      over = true;
      out.release();
    }
  }

  private void take(CompletableFuture<Answer> future) {
    Answer answer;
    try {
      answer = future.join();
    } catch (CompletionException e) {
      abandon();
      outcome.failed(e.getCause() == null ? e : e.getCause());
      return;
    }
    index++;
    if (answer instanceof Answer.Stream stream) {
      if (index == statements.size()) {
        over = true;
        outcome.stream(stream, out, sequence);
        return;
      }
      answer =
          new Answer.Failed(
              ErrorCode.NOT_SUPPORTED.error(
                  "SHOW BINLOG EVENTS is the last of several statements, or alone"));
    }
    ReplyError error = answer instanceof Answer.Failed failed ? failed.error() : null;
    boolean last = error != null || index == statements.size();
    int status = variables.serverStatus();
    append(encoded(answer, last ? status : status | ServerStatus.MORE_RESULTS));
    if (last) {
      finish(error);
    }
  }

  private void finish(@Nullable ReplyError error) {
    over = true;
    outcome.reply(
        out, error == null ? MySqlReply.complete(request) : MySqlReply.complete(request, error));
  }

  private void append(ByteBuf packets) {
    try {
      sequence = (sequence + Packets.count(packets)) & 0xff;
      out.writeBytes(packets);
    } finally {
      packets.release();
    }
  }

  private static int warnings(Answer answer) {
    return answer instanceof Answer.Ok ok ? ok.warnings() : 0;
  }

  private ByteBuf encoded(Answer answer, int status) {
    if (answer instanceof Answer.Failed failed) {
      return ResultSetWriter.error(
          ByteBufAllocator.DEFAULT, sequence, capabilities, failed.error());
    }
    if (answer instanceof Answer.Rows rows) {
      ResultSetWriter writer =
          new ResultSetWriter(ByteBufAllocator.DEFAULT, sequence, capabilities)
              .columns(rows.columns());
      for (List<@Nullable Object> row : rows.rows()) {
        writer.row(row.toArray());
      }
      return writer.finish(status);
    }
    return ResultSetWriter.ok(
        ByteBufAllocator.DEFAULT,
        sequence,
        capabilities,
        new OkPacket(0, 0, status, warnings(answer), ""));
  }

  /** What others may see of a statement: nothing behind a password. */
  static String shown(String sql) {
    int secret = sql.toUpperCase(Locale.ROOT).indexOf("PASSWORD");
    return secret < 0 ? sql : sql.substring(0, secret) + "PASSWORD ...";
  }

  /** The number behind the last packet of a request. */
  static int nextSequence(ByteBuf framed) {
    int index = framed.readerIndex();
    int sequence = 0;
    while (index + Packets.HEADER <= framed.writerIndex()) {
      sequence = Packets.sequence(framed, index);
      index += Packets.HEADER + Packets.payloadLength(framed, index);
    }
    return (sequence + 1) & 0xff;
  }
}
