package io.sluice.mysql.frontend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.sluice.api.protocol.Capability;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Identity;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.api.session.ReplyError;
import io.sluice.api.session.SessionOwner;
import io.sluice.api.session.Sessions;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.constant.ServerStatus;
import io.sluice.mysql.request.ClientState;
import io.sluice.mysql.request.MySqlReply;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the proxy itself answers, and data of LOAD DATA LOCAL that nobody wants any more. */
class LocalCommandsTest {

  @TempDir static Path directory;

  private final Map<Long, SessionOwner> owners = new HashMap<>();
  private final List<String> done = new ArrayList<>();
  private CompletableFuture<Void> interrupted = CompletableFuture.completedFuture(null);
  private Peer peer;

  private Peer open(Capability... prepare) {
    FakeListenerContext context = new FakeListenerContext(directory);
    context.sessions = new FakeSessions();
    peer =
        new Peer(
            Peer.protocol(
                context, "users = [{ name = u, password = p, hosts = [\"192.168.%\"] }]"));
    peer.prepare = Set.of(prepare);
    return peer.loggedIn();
  }

  @AfterEach
  void tearDown() {
    peer.close();
    assertThat(peer.sent).isEmpty();
  }

  private static byte[] query(String text) {
    return ("\3" + text).getBytes(UTF_8);
  }

  private static byte[] processKill(int id) {
    return new byte[] {0x0c, (byte) id, 0, 0, 0};
  }

  @Test
  void shouldInterruptTheQueryOfAnOwnSession() {
    owners.put(5L, new SessionOwner("svc", "u"));

    open().packet(0, query("KILL QUERY 5"));

    assertThat(done).containsExactly("interrupt 5");
    assertThat(peer.take().payload()[0]).isZero();
    assertThat(peer.routed).isEmpty();
  }

  @Test
  void shouldEndAnOwnSession() {
    owners.put(5L, new SessionOwner("svc", "u"));

    open().packet(0, processKill(5));

    assertThat(done).containsExactly("interrupt 5", "kill 5 KILLED 1927");
    assertThat(peer.activities).isEqualTo(1);
    assertThat(peer.take().payload()[0]).isZero();
  }

  @Test
  void shouldNotTouchSessionsOfOthers() {
    owners.put(5L, new SessionOwner("svc", "somebody"));

    open().packet(0, query("KILL 5"));

    assertThat(peer.takeError(1).code()).isEqualTo(ErrorCode.KILL_DENIED.number());
    assertThat(done).isEmpty();
  }

  /** Before its login a session has no user's name, and so has the anonymous user. */
  @Test
  void shouldNotLetTheAnonymousUserTouchSessionsBeforeTheirLogin() {
    owners.put(5L, new SessionOwner("svc", ""));
    Identity anonymous =
        new Identity(new PasswordCredentials("", "p"), "192.168.0.9", ClientState.INTERNAL);
    open();

    ReplyError error =
        new SessionKiller(new FakeSessions(), "svc")
            .kill(new KillStatement(5, true), anonymous, 77)
            .toCompletableFuture()
            .join();

    assertThat(error.code()).isEqualTo(ErrorCode.KILL_DENIED.number());
    assertThat(done).isEmpty();
  }

  @Test
  void shouldNotKnowSessionsOfOtherServices() {
    owners.put(5L, new SessionOwner("other", "u"));

    open().packet(0, query("KILL 5")).packet(0, query("KILL 6"));

    assertThat(peer.takeError(1).code()).isEqualTo(ErrorCode.NO_SUCH_THREAD.number());
    assertThat(peer.takeError(1).code()).isEqualTo(ErrorCode.NO_SUCH_THREAD.number());
    assertThat(done).isEmpty();
  }

  @Test
  void shouldSayThatAServerCouldNotBeTold() {
    owners.put(5L, new SessionOwner("svc", "u"));
    interrupted = CompletableFuture.failedFuture(new IllegalStateException("no way"));

    open().packet(0, query("KILL QUERY 5"));

    assertThat(peer.takeError(1).code()).isEqualTo(ErrorCode.UNKNOWN_ERROR.number());
  }

  @Test
  void shouldHoldTheNextRequestUntilItIsDone() {
    owners.put(5L, new SessionOwner("svc", "u"));
    interrupted = new CompletableFuture<>();
    open().packet(0, query("KILL QUERY 5")).packet(0, query("SELECT 1"));
    assertThat(peer.routed).isEmpty();

    interrupted.complete(null);

    assertThat(peer.take().payload()[0]).isZero();
    assertThat(peer.routed).hasSize(1);
  }

  @Test
  void shouldEndItself() {
    open().packet(0, query("KILL 77"));

    assertThat(peer.takeError(1).code()).isEqualTo(ErrorCode.CONNECTION_KILLED.number());
    assertThat(peer.closed).isEqualTo(CloseReason.KILLED);
  }

  @Test
  void shouldInterruptItself() {
    open().packet(0, query("KILL QUERY 77"));

    assertThat(peer.takeError(1).code()).isEqualTo(ErrorCode.QUERY_INTERRUPTED.number());
    assertThat(peer.closed).isNull();
  }

  @Test
  void shouldRefuseWhatItCannotTranslate() {
    open().packet(0, query("KILL USER u"));

    assertThat(peer.takeError(1).code()).isEqualTo(ErrorCode.NOT_SUPPORTED.number());
    assertThat(peer.routed).isEmpty();
  }

  @Test
  void shouldLeaveItToRoutersThatWantTo() {
    open(Capability.SESSION_CONTROL).packet(0, query("KILL 5"));

    assertThat(peer.routed).hasSize(1);
  }

  @Test
  void shouldDropDataThatComesBehindTheAnswer() {
    open().packet(0, query("LOAD DATA LOCAL INFILE 'f' INTO TABLE t"));
    MySqlReply reply = new MySqlReply(peer.routed.get(0).request());
    reply.clientData(true);
    peer.connection.clientReply(Unpooled.copiedBuffer(Peer.framed(1, new byte[] {-5})), reply);
    peer.take();
    peer.packet(2, "one".getBytes(UTF_8));
    reply.fail(ErrorCode.UNKNOWN_ERROR.error("disk full"));
    peer.connection.clientReply(Unpooled.copiedBuffer(Peer.framed(3, new byte[] {-1})), reply);
    peer.take();
    int before = peer.routed.size();

    peer.packet(3, "two".getBytes(UTF_8)).packet(4).packet(0, query("SELECT 1"));

    assertThat(peer.routed).hasSize(before + 1);
    assertThat(peer.routed.get(before).request().command()).isEqualTo(Command.QUERY);
    peer.answer(peer.routed.get(before).request(), ServerStatus.AUTOCOMMIT);
    assertThat(peer.take().sequence()).isEqualTo(1);
  }

  @Test
  void shouldTakeARequestInsteadOfMoreData() {
    open().packet(0, query("LOAD DATA LOCAL INFILE 'f' INTO TABLE t"));
    MySqlReply reply = new MySqlReply(peer.routed.get(0).request());
    reply.clientData(true);
    peer.connection.clientReply(Unpooled.copiedBuffer(Peer.framed(1, new byte[] {-5})), reply);
    peer.take();
    peer.packet(2, "one".getBytes(UTF_8));
    reply.fail(ErrorCode.UNKNOWN_ERROR.error("disk full"));
    peer.connection.clientReply(Unpooled.copiedBuffer(Peer.framed(3, new byte[] {-1})), reply);
    peer.take();
    int before = peer.routed.size();

    peer.packet(0, query("SELECT 1"));

    assertThat(peer.routed).hasSize(before + 1);
  }

  private final class FakeSessions implements Sessions {

    @Override
    public boolean kill(long id, Failure failure) {
      done.add("kill " + id + " " + failure.reason() + " " + failure.error().code());
      return true;
    }

    @Override
    public Optional<SessionOwner> owner(long id) {
      return Optional.ofNullable(owners.get(id));
    }

    @Override
    public CompletionStage<Void> interrupt(long id) {
      done.add("interrupt " + id);
      return interrupted;
    }
  }
}
