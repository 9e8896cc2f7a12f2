package io.sluice.mysql.frontend;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.api.protocol.Capability;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.wire.WireAuth;
import io.sluice.testkit.wire.WireClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clients that say wrong things: dialogs of real clients, spoilt, before and after the login. Each
 * session ends and tells why, nobody else notices, and nothing is left over.
 */
class HostileClientsIT {

  private static final Logger LOGGER = LoggerFactory.getLogger("fuzz");
  private static final List<List<byte[]>> DIALOGS = HostileDialogs.all();
  private static final Duration LONG = Duration.ofMinutes(2);

  /** Capabilities without which the rest of the login would be another one. */
  private static final long BASE = WireClient.DEFAULT_CAPABILITIES;

  /** LOCAL_FILES, MULTI_STATEMENTS, SESSION_TRACK, DEPRECATE_EOF, QUERY_ATTRIBUTES. */
  private static final long[] OPTIONAL = {1L << 7, 1L << 16, 1L << 23, 1L << 24, 1L << 27};

  private static final long TLS = 1L << 11;
  private static final long COMPRESS = 1L << 5;

  private static MariaDbServer server;

  @TempDir Path directory;

  private final AtomicInteger connections = new AtomicInteger();

  @BeforeAll
  static void startServer() {
    server = MariaDbServer.builder().option("log-bin", "master-bin").start();
    server.createUser("svc", "svcpw", "SELECT ON mysql.*");
    server.createUser("good", "goodpw");
    server.createUser("fuzz", "fuzzpw", "REPLICATION SLAVE ON *.*", "ALL ON fuzz.*");
    server.execute("CREATE DATABASE fuzz", "CREATE TABLE fuzz.t (a INT)");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Test
  void shouldEndEachHostileClientAndServeTheOthers() throws Exception {
    fuzz(Fuzz.time(false));
  }

  @Test
  @Tag("nightly")
  void shouldEndEachHostileClientForLong() throws Exception {
    fuzz(Fuzz.time(true));
  }

  private void fuzz(Duration time) throws Exception {
    Fuzz fuzz = new Fuzz("clients");
    try (EndLog log = new EndLog()) {
      try (ProxyUnderTest proxy =
          new ProxyUnderTest(
              directory,
              server,
              new PasswordCredentials("svc", "svcpw"),
              "compression = [zlib, zstd]",
              Capability.STATEMENTS)) {
        good(proxy.port());
        fuzz.run(
            time,
            random -> {
              hostile(random, proxy.port());
              if (random.nextInt(50) == 0) {
                good(proxy.port());
              }
            });
        good(proxy.port());
        Await.until(fuzz.seed() + ": sessions gone", LONG, () -> proxy.sessions() == 0);
      }
      log.assertCalm(fuzz.seed());
      assertThat(log.ends()).as(fuzz.seed()).isEqualTo(connections.get());
      assertThat(log.reasons()).containsKeys("protocol_violation", "client_lost", "client_quit");
      LOGGER
          .atInfo()
          .addKeyValue("reasons", log.reasons())
          .addKeyValue("details", log.details())
          .log("sessions of hostile clients");
    }
  }

  /** A client that has done nothing wrong gets its answer. */
  private void good(int port) {
    try (WireClient client = WireClient.open("127.0.0.1", port)) {
      connections.incrementAndGet();
      client.timeout(LONG);
      client.login("good", "goodpw");
      assertThat(client.query("SELECT 41 + 1").rows().get(0)).containsExactly("42");
      client.quit();
    }
  }

  private void hostile(Random random, int port) throws IOException {
    try (Socket socket = new Socket()) {
      // From all over, so that no address has failed too often.
      socket.bind(
          new InetSocketAddress(
              "127.0." + random.nextInt(256) + "." + (2 + random.nextInt(250)), 0));
      socket.connect(new InetSocketAddress("127.0.0.1", port));
      connections.incrementAndGet();
      socket.setSoTimeout((int) LONG.toMillis());
      byte[] greeting = packet(socket.getInputStream());
      try {
        talk(random, socket, greeting);
      } catch (SocketException e) {
        // Thrown out in the middle of a word.
      }
    }
  }

  private static void talk(Random random, Socket socket, byte[] greeting) throws IOException {
    Mutator mutator = new Mutator(random);
    boolean compresses = random.nextInt(5) == 0;
    byte[] login = login(random, greeting, compresses);
    List<byte[]> said = new ArrayList<>();
    if (random.nextInt(16) == 0) {
      said.add(tlsRequest());
      said.add(mutator.packet(login));
    } else {
      said.add(random.nextInt(4) == 0 ? mutator.packet(login) : login);
    }
    List<byte[]> commands = DIALOGS.get(random.nextInt(DIALOGS.size()));
    List<byte[]> spoilt = random.nextInt(8) == 0 ? commands : mutator.dialog(commands);
    for (byte[] command : spoilt) {
      said.add(compresses ? frame(random, mutator, command) : command);
    }
    boolean listens = random.nextInt(4) != 0;
    for (byte[] bytes : said) {
      send(random, socket, bytes);
      if (listens) {
        listen(socket, 1 + random.nextInt(20));
      }
    }
    leave(random, socket);
  }

  /** A packet in a frame of the compressed protocol, which may be spoilt or lie about its size. */
  private static byte[] frame(Random random, Mutator mutator, byte[] packet) {
    byte[] body = packet;
    int whole = 0;
    if (random.nextBoolean()) {
      Deflater deflater = new Deflater();
      deflater.setInput(packet);
      deflater.finish();
      byte[] small = new byte[packet.length + 64];
      int length = deflater.deflate(small);
      body = Arrays.copyOf(small, length);
      deflater.end();
      whole = random.nextInt(4) == 0 ? random.nextInt(1 << 24) : packet.length;
    }
    byte[] frame = new byte[7 + body.length];
    for (int i = 0; i < 3; i++) {
      frame[i] = (byte) (body.length >>> (8 * i));
      frame[4 + i] = (byte) (whole >>> (8 * i));
    }
    System.arraycopy(body, 0, frame, 7, body.length);
    return random.nextInt(3) == 0 ? mutator.packet(frame) : frame;
  }

  private static byte[] login(Random random, byte[] greeting, boolean compresses) {
    long capabilities = compresses ? BASE | COMPRESS : BASE;
    for (long optional : OPTIONAL) {
      capabilities |= random.nextBoolean() ? optional : 0;
    }
    byte[] answer = WireAuth.answer(WireAuth.NATIVE, "fuzzpw", nonce(greeting));
    return Peer.framed(
        1, WireClient.loginPayload("fuzz", answer, "fuzz", WireAuth.NATIVE, capabilities));
  }

  /** Behind the version and the thread id: 8 bytes, and 12 behind the capabilities. */
  private static byte[] nonce(byte[] greeting) {
    int at = new String(greeting, US_ASCII).indexOf('\0', 5) + 5;
    byte[] nonce = Arrays.copyOfRange(greeting, at, at + 20);
    System.arraycopy(greeting, at + 27, nonce, 8, 12);
    return nonce;
  }

  private static byte[] tlsRequest() {
    byte[] payload = new byte[32];
    for (int i = 0; i < 4; i++) {
      payload[i] = (byte) ((BASE | TLS) >>> (8 * i));
    }
    return Peer.framed(1, payload);
  }

  private static void send(Random random, Socket socket, byte[] bytes) throws IOException {
    int from = 0;
    while (from < bytes.length) {
      int size = random.nextInt(4) == 0 ? 1 + random.nextInt(8) : bytes.length;
      int to = Math.min(bytes.length, from + size);
      socket.getOutputStream().write(bytes, from, to - from);
      from = to;
    }
  }

  /** Takes what is there within some milliseconds. */
  private static void listen(Socket socket, int millis) throws IOException {
    socket.setSoTimeout(millis);
    try {
      if (socket.getInputStream().read(new byte[1 << 16]) < 0) {
        throw new SocketException("ended by the proxy");
      }
    } catch (SocketTimeoutException e) {
      // It waits for more, or has nothing to say.
    }
  }

  private static void leave(Random random, Socket socket) throws IOException {
    switch (random.nextInt(4)) {
      case 0 -> socket.setSoLinger(true, 0);
      case 1 -> {
        socket.shutdownOutput();
        socket.setSoTimeout((int) LONG.toMillis());
        socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
      }
      default -> {
        // Closes as usual.
      }
    }
  }

  /** One packet with its header. */
  private static byte[] packet(InputStream in) throws IOException {
    byte[] header = in.readNBytes(4);
    int length = (header[0] & 0xff) | (header[1] & 0xff) << 8 | (header[2] & 0xff) << 16;
    byte[] packet = Arrays.copyOf(header, 4 + length);
    System.arraycopy(in.readNBytes(length), 0, packet, 4, length);
    return packet;
  }
}
