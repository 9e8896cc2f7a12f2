package io.sluice.filters.querylog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.sluice.api.filter.FilterSession;
import io.sluice.api.session.Downstream;
import io.sluice.api.session.Message;
import io.sluice.api.session.Reply;
import io.sluice.api.session.ReplyError;
import io.sluice.api.session.Request;
import io.sluice.api.session.SessionContext;
import io.sluice.api.session.Upstream;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.wire.Packets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Watches the statements of one session. Everything passes on as it came. */
final class QueryLogSession implements FilterSession {

  private static final int UNANSWERED = -1;

  private final SessionContext session;
  private final Downstream downstream;
  private final Upstream upstream;
  private final LogWriter writer;
  private final QueryLogSettings settings;
  private final Clock clock;
  private final Deque<Pending> pending = new ArrayDeque<>();

  /** A statement on its way. */
  private record Pending(Request request, String statement, Instant time, long nanos) {}

  QueryLogSession(
      SessionContext session,
      Downstream downstream,
      Upstream upstream,
      LogWriter writer,
      QueryLogSettings settings,
      Clock clock) {
    this.session = session;
    this.downstream = downstream;
    this.upstream = upstream;
    this.writer = writer;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public void routeQuery(Message message) {
    if (message.isFirst()) {
      String statement = statement(message);
      if (statement != null
          && settings.wants(statement)
          && settings.wantsUser(session.identity().user())) {
        pending.add(
            new Pending(message.request(), cut(statement), clock.instant(), System.nanoTime()));
      }
    }
    downstream.routeQuery(message);
  }

  /** The statement of a request that is worth a line; null for others. */
  private static @Nullable String statement(Message message) {
    if (!(message.request() instanceof MySqlRequest request)) {
      return null;
    }
    if (request.command() == Command.STMT_EXECUTE) {
      return "#" + request.statementId();
    }
    if (request.command() != Command.QUERY && request.command() != Command.STMT_PREPARE) {
      return null;
    }
    ByteBuf content = message.content();
    int head =
        Math.min(Packets.HEADER + Math.max(1, request.textOffset()), content.readableBytes());
    return content.toString(content.readerIndex() + head, content.readableBytes() - head, UTF_8);
  }

  private String cut(String statement) {
    int limit = settings.maxStatementLength();
    return statement.length() <= limit ? statement : statement.substring(0, limit);
  }

  @Override
  public void clientReply(ByteBuf chunk, Reply reply) {
    Pending oldest = pending.peek();
    if (oldest != null && reply.isComplete() && reply.request() == oldest.request()) {
      pending.remove();
      ReplyError error = reply.error();
      log(oldest, reply.rows(), error == null ? 0 : error.code());
    }
    upstream.clientReply(chunk, reply);
  }

  private void log(Pending done, long rows, int error) {
    Duration duration = Duration.ofNanos(System.nanoTime() - done.nanos());
    if (duration.compareTo(settings.minDuration()) < 0) {
      return;
    }
    writer.offer(
        new LogLine(
            done.time(),
            session.id(),
            session.service(),
            session.identity().user(),
            session.identity().host(),
            duration,
            rows,
            error,
            done.request().name(),
            done.statement()));
  }

  @Override
  public void close() {
    for (Pending unanswered : pending) {
      log(unanswered, 0, UNANSWERED);
    }
    pending.clear();
  }
}
