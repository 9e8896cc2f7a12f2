package io.sluice.mysql.frontend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.sluice.api.protocol.Capability;
import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.constant.ServerStatus;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.sql.StatementKind;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandPhaseTest {

  private static final int MAX = 0xffffff;

  @TempDir static Path directory;
  private Peer peer;

  private Peer open(Capability... prepare) {
    return open("", prepare);
  }

  private Peer open(String more, Capability... prepare) {
    peer =
        new Peer(
            Peer.protocol(
                directory,
                "users = [{ name = u, password = p, hosts = [\"192.168.%\"] }] " + more));
    peer.prepare = Set.of(prepare);
    return peer.loggedIn();
  }

  @AfterEach
  void tearDown() {
    peer.close();
    assertThat(peer.sent).isEmpty();
  }

  @Test
  void shouldRouteARequestAsItCame() {
    open().packet(0, query("SELECT 1"));

    assertThat(peer.routed).hasSize(1);
    Peer.Routed request = peer.routed.get(0);
    assertThat(request.bytes()).isEqualTo(Peer.framed(0, query("SELECT 1")));
    assertThat(request.first()).isTrue();
    assertThat(request.last()).isTrue();
    assertThat(request.request().command()).isEqualTo(Command.QUERY);
    assertThat(request.request().statement()).isNull();
    assertThat(peer.connection.state()).isEqualTo("waiting");
  }

  @Test
  void shouldRouteTheNextRequestOnlyAfterTheAnswer() {
    open();
    peer.raw(concat(Peer.framed(0, query("one")), Peer.framed(0, query("two"))));
    assertThat(peer.routed).hasSize(1);

    peer.answer(peer.routed.get(0).request(), ServerStatus.AUTOCOMMIT);

    assertThat(peer.routed).hasSize(2);
    assertThat(peer.take().payload()[0]).isZero();
  }

  @Test
  void shouldSeeTheSameRequestsWhenTheyDripIn() {
    open();
    peer.onRouted = message -> peer.answer(message.request(), ServerStatus.AUTOCOMMIT);
    byte[] bytes =
        concat(
            Peer.framed(0, query("one")),
            Peer.framed(0, new byte[] {0x0e}),
            Peer.framed(0, query("three")));

    for (byte b : bytes) {
      peer.raw(new byte[] {b});
    }

    assertThat(peer.routed).hasSize(3).allMatch(message -> message.first() && message.last());
    assertThat(peer.routed.get(1).request().command()).isEqualTo(Command.PING);
    for (int i = 0; i < 3; i++) {
      assertThat(peer.take().sequence()).isEqualTo(1);
    }
  }

  @Test
  void shouldStreamLongRequestsInPieces() {
    open();
    byte[] request = Peer.framed(0, query("x".repeat(300_000)));

    feed(request, 100_000);

    assertThat(peer.routed).hasSizeGreaterThan(2);
    assertPieces(request);
  }

  @Test
  void shouldGatherRequestsForThoseWhoNeedThemWhole() {
    open(Capability.WHOLE_REQUESTS);
    byte[] request = Peer.framed(0, query("x".repeat(300_000)));

    feed(request, 100_000);

    assertThat(peer.routed).hasSize(1);
    assertPieces(request);
  }

  @ParameterizedTest
  @CsvSource({
    "16777214, false",
    "16777215, false",
    "16777216, false",
    "33554430, false",
    "33554430, true",
    "16777215, true",
    "40000000, true",
    "40000000, false"
  })
  void shouldJoinRequestsOfManyPackets(int length, boolean whole) {
    if (whole) {
      open(Capability.WHOLE_REQUESTS);
    } else {
      open();
    }
    byte[] payload = new byte[length];
    Arrays.fill(payload, (byte) 'x');
    payload[0] = 3;
    byte[] request = packets(payload, 0);

    feed(request, 1_000_003);

    assertPieces(request);
    assertThat(peer.connection.state()).isEqualTo("waiting");
    if (whole && length >= MAX) {
      assertThat(peer.routed.get(0).bytes()).hasSize(MAX + 4);
    }
    peer.answer(peer.routed.get(0).request(), ServerStatus.AUTOCOMMIT);
    peer.packet(0, (byte) 0x0e);
    assertThat(peer.routed.get(peer.routed.size() - 1).request().command()).isEqualTo(Command.PING);
    peer.take();
  }

  @Test
  void shouldRefuseAWrongSequence() {
    open().packet(1, query("SELECT 1"));

    assertThat(peer.takeError(2).code()).isEqualTo(1156);
    assertThat(peer.closed).isEqualTo(CloseReason.PROTOCOL_VIOLATION);
    assertThat(peer.routed).isEmpty();
    assertThat(peer.embedded.isOpen()).isFalse();
  }

  @Test
  void shouldRefuseAWrongSequenceInTheMiddle() {
    open();
    byte[] request = packets(new byte[MAX + 10], 0);
    request[4] = 3;
    request[MAX + 4 + 3] = 7;

    feed(request, 1_000_000);

    assertThat(peer.takeError(8).code()).isEqualTo(1156);
    assertThat(peer.closed).isEqualTo(CloseReason.PROTOCOL_VIOLATION);
  }

  @Test
  void shouldRefuseTooMuchBeforeItComes() {
    open(", max-packet-size = 1000");

    peer.raw(Arrays.copyOf(Peer.framed(0, query("x".repeat(2000))), 5));

    assertThat(peer.takeError(1).code()).isEqualTo(1153);
    assertThat(peer.closed).isEqualTo(CloseReason.PROTOCOL_VIOLATION);
    assertThat(peer.routed).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0x20, 0x99, 0x13, 0x0b, 0xfa, 0xff, 0x00})
  void shouldTellUnknownCommandsAndGoOn(int code) {
    open();
    byte[] command = new byte[200_000];
    command[0] = (byte) code;
    feed(Peer.framed(0, command), 70_000);

    assertThat(peer.takeError(1).code()).isEqualTo(1047);
    assertThat(peer.routed).isEmpty();
    peer.packet(0, query("SELECT 1"));
    assertThat(peer.routed).hasSize(1);
  }

  @Test
  void shouldTellAnEmptyCommandAndGoOn() {
    open().packet(0);

    assertThat(peer.takeError(1).code()).isEqualTo(1047);
    peer.packet(0, query("SELECT 1"));
    assertThat(peer.routed).hasSize(1);
  }

  @Test
  void shouldEndWithAGoodBye() {
    open().packet(0, (byte) 1);

    assertThat(peer.closed).isEqualTo(CloseReason.CLIENT_QUIT);
    assertThat(peer.embedded.isOpen()).isFalse();
    assertThat(peer.routed).isEmpty();
  }

  @Test
  void shouldNotWaitForAnswersThatDoNotCome() {
    open();
    peer.raw(
        concat(Peer.framed(0, new byte[] {0x19, 5, 0, 0, 0}), Peer.framed(0, query("SELECT 1"))));

    assertThat(peer.routed).hasSize(2);
    assertThat(peer.routed.get(0).request().statementId()).isEqualTo(5);
  }

  @Test
  void shouldRouteAcknowledgementsOfADump() {
    open().packet(0, new byte[] {0x12, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0});
    assertThat(peer.connection.state()).isEqualTo("dump");
    byte[] ack = {(byte) 0xef, 1, 0, 0, 0, 0, 0, 0, 0, 'f'};
    MySqlReply endless = new MySqlReply(peer.routed.get(0).request());
    peer.connection.clientReply(Unpooled.copiedBuffer(Peer.framed(1, new byte[] {0})), endless);
    peer.take();

    byte[] bytes = concat(Peer.framed(0, ack), Peer.framed(0, ack));
    feed(bytes, 3);

    assertThat(peer.routed).hasSize(3);
    for (int i = 1; i < 3; i++) {
      assertThat(peer.routed.get(i).bytes()).isEqualTo(Peer.framed(0, ack));
      assertThat(peer.routed.get(i).first()).isFalse();
      assertThat(peer.routed.get(i).last()).isTrue();
      assertThat(peer.routed.get(i).request()).isSameAs(peer.routed.get(0).request());
    }
    peer.packet(0, (byte) 1);
    assertThat(peer.closed).isEqualTo(CloseReason.CLIENT_QUIT);
  }

  @Test
  void shouldTakeRequestsAgainAfterADumpThatFailed() {
    open().packet(0, new byte[] {0x12, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0});

    peer.answer(peer.routed.get(0).request(), 0);
    peer.take();
    peer.packet(0, query("SELECT 1"));

    assertThat(peer.routed).hasSize(2);
    assertThat(peer.routed.get(1).first()).isTrue();
  }

  @Test
  void shouldRouteTheDataThatAServerAsksFor() {
    open().packet(0, query("LOAD DATA LOCAL INFILE 'f' INTO TABLE t"));
    MySqlReply reply = new MySqlReply(peer.routed.get(0).request());
    reply.clientData(true);
    peer.connection.clientReply(
        Unpooled.copiedBuffer(Peer.framed(1, new byte[] {(byte) 0xfb, 'f'})), reply);
    peer.take();
    byte[] data =
        concat(
            packets(new byte[MAX], 2), Peer.framed(4, "rest".getBytes(UTF_8)),
            Peer.framed(5, new byte[0]), Peer.framed(0, query("next")));

    feed(data, 1_000_000);

    int size = peer.routed.size();
    assertThat(peer.routed.subList(1, size - 1)).noneMatch(Peer.Routed::last);
    assertThat(peer.routed.get(size - 1).last()).isTrue();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    peer.routed.subList(1, size).forEach(piece -> all.writeBytes(piece.bytes()));
    assertThat(all.size()).isEqualTo(MAX + 4 + 4 + 8 + 4);
    assertThat(peer.connection.state()).isEqualTo("waiting");
    reply.finish();
    peer.connection.clientReply(Unpooled.copiedBuffer(Peer.framed(6, new byte[7])), reply);
    peer.take();
    assertThat(peer.routed).hasSize(size + 1);
  }

  @Test
  void shouldClassifyStatementsForThoseWhoAsk() {
    open(Capability.STATEMENTS).packet(0, query("INSERT INTO t VALUES (1)"));

    assertThat(peer.routed.get(0).request().statement()).isNotNull();
    assertThat(peer.routed.get(0).request().statement().kind()).isEqualTo(StatementKind.WRITE);
  }

  @Test
  void shouldStopReadingWhileManyRequestsWait() {
    open();
    byte[] request = Peer.framed(0, query("x".repeat(1000)));
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    for (int i = 0; i < 400; i++) {
      many.writeBytes(request);
    }
    peer.raw(many.toByteArray());
    assertThat(peer.embedded.config().isAutoRead()).isFalse();

    peer.onRouted = message -> peer.answer(message.request(), ServerStatus.AUTOCOMMIT);
    peer.answer(peer.routed.get(0).request(), ServerStatus.AUTOCOMMIT);

    assertThat(peer.routed).hasSize(400);
    assertThat(peer.embedded.config().isAutoRead()).isTrue();
    for (int i = 0; i < 400; i++) {
      peer.take();
    }
  }

  @ParameterizedTest
  @CsvSource({"SHUTDOWN,1053", "KILLED,1927", "SERVER_LOST,2013", "INTERNAL_ERROR,1105"})
  void shouldTellAnIdleClientWhyItEnds(CloseReason reason, int code) {
    open();

    peer.connection.close(reason, Failure.passing(reason, "because", null));

    assertThat(peer.takeError(1).code()).isEqualTo(code);
    assertThat(peer.embedded.isOpen()).isFalse();
    assertThat(peer.closed).isNull();
  }

  @ParameterizedTest
  @EnumSource(CloseReason.class)
  void shouldNeverPutAnErrorIntoAnAnswer(CloseReason reason) {
    open().packet(0, query("SELECT 1"));
    peer.connection.clientReply(
        Unpooled.copiedBuffer(Peer.framed(1, new byte[] {1})),
        new MySqlReply(peer.routed.get(0).request()));
    peer.take();

    peer.connection.close(reason, Failure.passing(reason, "because", null));

    assertThat(peer.sent).isEmpty();
    assertThat(peer.embedded.isOpen()).isFalse();
  }

  @Test
  void shouldCloseOnlyBehindWhatASlowClientHasNotTaken() {
    open().packet(0, query("SELECT 1"));
    AtomicReference<Runnable> held = new AtomicReference<>(() -> {});
    peer.embedded
        .pipeline()
        .addFirst(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void write(ChannelHandlerContext context, Object bytes, ChannelPromise done) {
                Runnable before = held.get();
                held.set(
                    () -> {
                      before.run();
                      context.writeAndFlush(bytes, done);
                    });
              }
            });
    peer.connection.clientReply(
        Unpooled.copiedBuffer(Peer.framed(1, new byte[] {1})),
        new MySqlReply(peer.routed.get(0).request()));

    peer.connection.close(CloseReason.ROUTER_CLOSED, null);

    assertThat(peer.embedded.isOpen()).isTrue();
    held.get().run();
    assertThat(peer.take().payload()).containsExactly(1);
    assertThat(peer.embedded.isOpen()).isFalse();
  }

  @Test
  void shouldTellAWaitingClientWhyItEnds() {
    open().packet(0, query("SELECT 1"));

    peer.connection.close(
        CloseReason.SERVER_LOST, Failure.passing(CloseReason.SERVER_LOST, "gone", null));

    assertThat(peer.takeError(1).message()).contains("gone");
  }

  @Test
  void shouldNoticeThatTheClientIsGone() {
    open().raw(new byte[] {40, 0, 0, 0, 3});

    peer.embedded.close();

    assertThat(peer.closed).isEqualTo(CloseReason.CLIENT_LOST);
  }

  @RepeatedTest(100)
  void shouldSurviveAnyBytes() {
    open();
    peer.onRouted =
        message -> {
          if (message.last() && message.request().expectsReply()) {
            peer.answer(message.request(), ServerStatus.AUTOCOMMIT);
          }
        };
    Random random = new Random();
    for (int i = 0; i < 20; i++) {
      byte[] garbage = new byte[random.nextInt(60)];
      random.nextBytes(garbage);
      peer.raw(random.nextInt(3) == 0 ? garbage : Peer.framed(0, garbage));
    }
    peer.embedded.close();

    assertThat(peer.closed).isNotNull();
    peer.sent.clear();
  }

  private void assertPieces(byte[] request) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < peer.routed.size(); i++) {
      Peer.Routed piece = peer.routed.get(i);
      all.writeBytes(piece.bytes());
      assertThat(piece.first()).isEqualTo(i == 0);
      assertThat(piece.last()).isEqualTo(i == peer.routed.size() - 1);
      assertThat(piece.request()).isSameAs(peer.routed.get(0).request());
    }
    assertThat(Arrays.equals(all.toByteArray(), request)).isTrue();
  }

  private void feed(byte[] bytes, int step) {
    for (int at = 0; at < bytes.length; at += step) {
      peer.raw(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + step)));
    }
  }

  private static byte[] packets(byte[] payload, int firstSequence) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int sequence = firstSequence;
    int at = 0;
    while (true) {
      int size = Math.min(MAX, payload.length - at);
      out.writeBytes(Peer.framed(sequence++, Arrays.copyOfRange(payload, at, at + size)));
      at += size;
      if (size < MAX) {
        return out.toByteArray();
      }
    }
  }

  private static byte[] query(String sql) {
    return concat(new byte[] {3}, sql.getBytes(UTF_8));
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
