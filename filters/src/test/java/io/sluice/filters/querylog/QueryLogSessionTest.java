package io.sluice.filters.querylog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.typesafe.config.ConfigFactory;
import io.netty.buffer.Unpooled;
import io.sluice.api.config.Problems;
import io.sluice.api.filter.FilterSession;
import io.sluice.api.session.Identity;
import io.sluice.api.session.Message;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.api.session.ReplyError;
import io.sluice.api.session.SessionContext;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.request.MySqlRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryLogSessionTest {

  @TempDir Path directory;

  private final List<Message> down = new ArrayList<>();
  private final List<MySqlReply> up = new ArrayList<>();

  @Test
  void shouldLogEachStatementAtTheEndOfItsAnswer() throws IOException {
    List<String> lines =
        log(
            "",
            session -> {
              MySqlRequest one = query(session, "SELECT 1");
              MySqlReply part = new MySqlReply(one);
              part.addRow();
              session.clientReply(Unpooled.EMPTY_BUFFER, part);
              part.addRow();
              part.finish();
              session.clientReply(Unpooled.EMPTY_BUFFER, part);
              MySqlRequest two = query(session, "SELEC");
              session.clientReply(
                  Unpooled.EMPTY_BUFFER,
                  MySqlReply.complete(two, new ReplyError(1064, "42000", "no")));
            });
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0))
        .startsWith("2001-09-09T01:46:40Z\t5\tapp\tuser\tclient\t")
        .endsWith("\t2\t0\tCOM_QUERY\tSELECT 1");
    assertThat(lines.get(1)).endsWith("\t0\t1064\tCOM_QUERY\tSELEC");
    assertThat(down).hasSize(2);
    assertThat(up).hasSize(3);
  }

  @Test
  void shouldLogOnlyWhatIsWanted() throws IOException {
    List<String> lines =
        log(
            "match = [\"select*\"], exclude = [\"*secret*\"]",
            session -> {
              answer(session, query(session, "SELECT a"));
              answer(session, query(session, "SELECT secret"));
              answer(session, query(session, "INSERT b"));
            });
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0)).endsWith("SELECT a");
  }

  @Test
  void shouldLogOnlyWantedUsers() throws IOException {
    assertThat(log("users = [other]", s -> answer(s, query(s, "SELECT 1")))).isEmpty();
    assertThat(log("users = [user]", s -> answer(s, query(s, "SELECT 1")))).hasSize(1);
  }

  @Test
  void shouldLogOnlySlowStatements() throws IOException {
    assertThat(log("min-duration = 1h", s -> answer(s, query(s, "SELECT 1")))).isEmpty();
  }

  @Test
  void shouldCutLongStatements() throws IOException {
    List<String> lines = log("max-statement-length = 8", s -> answer(s, query(s, "SELECT 12345")));
    assertThat(lines.get(0)).endsWith("\tSELECT 1");
  }

  @Test
  void shouldLogWhatWasNeverAnswered() throws IOException {
    List<String> lines = log("", session -> query(session, "SELECT 1"));
    assertThat(lines.get(0)).endsWith("\t0\t-1\tCOM_QUERY\tSELECT 1");
  }

  @Test
  void shouldNameExecutedStatementsByNumber() throws IOException {
    List<String> lines =
        log(
            "",
            session -> {
              MySqlRequest execute = new MySqlRequest(Command.STMT_EXECUTE.code(), null, 4);
              session.routeQuery(Message.whole(execute, Unpooled.wrappedBuffer(new byte[14])));
              answer(session, execute);
              answer(session, send(session, Command.PING, ""));
            });
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0)).endsWith("\tCOM_STMT_EXECUTE\t#4");
  }

  /** What a client does. */
  private interface Client {
    void use(FilterSession session);
  }

  private List<String> log(String options, Client client) throws IOException {
    Path file = directory.resolve("q.log");
    Files.deleteIfExists(file);
    Problems problems = new Problems();
    QueryLogSettings settings =
        QueryLogSettings.from(
            "q",
            QueryLogSettings.SPEC.parse(
                ConfigFactory.parseString(options + "\nfile = \"" + file + "\"").root(),
                "",
                problems));
    assertThat(problems.all()).isEmpty();
    LogWriter writer = new LogWriter("q", settings);
    writer.start();
    SessionContext context = mock(SessionContext.class);
    when(context.id()).thenReturn(5L);
    when(context.service()).thenReturn("app");
    when(context.identity())
        .thenReturn(new Identity(new PasswordCredentials("user", "p"), "client", null));
    Clock clock = Clock.fixed(Instant.ofEpochSecond(1_000_000_000), ZoneOffset.UTC);
    try (QueryLogFilter filter = new QueryLogFilter(writer, settings, clock)) {
      FilterSession session =
          filter.newSession(context, this::take, (chunk, reply) -> up.add((MySqlReply) reply));
      client.use(session);
      session.close();
    }
    return Files.readAllLines(file).stream().filter(line -> !line.startsWith("#")).toList();
  }

  private void take(Message message) {
    down.add(message);
    message.release();
  }

  private static MySqlRequest query(FilterSession session, String sql) {
    return send(session, Command.QUERY, sql);
  }

  private static MySqlRequest send(FilterSession session, Command command, String text) {
    Message message =
        MySqlRequest.command(command, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    session.routeQuery(message);
    return (MySqlRequest) message.request();
  }

  private static void answer(FilterSession session, MySqlRequest request) {
    session.clientReply(Unpooled.EMPTY_BUFFER, MySqlReply.complete(request));
  }
}
