package io.sluice.benchmarks.replica;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.testkit.wire.WireAuth;
import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WireGreeting;
import io.sluice.testkit.wire.WireWriter;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The program of {@link RepeatedReplica}: one null replica after the other, over TLS or not.
 *
 * <p>{@code connect PORT TLS USER PASSWORD} logs in and registers, and answers {@code ready}. Then
 * {@code go FILE BYTES PADDING} asks for a dump from the beginning of that file and answers {@code
 * replica BYTES PACKETS NANOSECONDS STATE}. With BYTES over TLS nothing is decrypted: the heads of
 * the TLS records are walked until so many bytes have come, and the state is {@code COUNTED}. With
 * 0 the stream is read to its end.
 */
public final class OneReplica {
  private static final int BUFFER = 256 << 10;
  private static final long SILENCE_MILLIS = 60_000;
  private static final int SERVER_ID = 900;
  private static final int COM_REGISTER_SLAVE = 0x15;
  private static final int COM_BINLOG_DUMP = 0x12;
  private static final int FIRST_EVENT = 4;
  private static final int NON_BLOCK = 1;
  private static final int UTF8MB4 = 45;
  private static final long SSL = 1L << 11;

  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
  private final SocketChannel channel;
  private final @Nullable SSLSocket encrypted;
  private final WireClient client;

  private OneReplica(SocketChannel channel, boolean tls, String user, String password)
      throws IOException {
    this.channel = channel;
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    WireClient plain = WireClient.over(channel.socket());
    if (tls) {
      WireGreeting greeting = plain.greeting();
      long capabilities = WireClient.DEFAULT_CAPABILITIES | SSL;
      plain.write(
          1, new WireWriter().u4(capabilities).u4(1L << 30).u1(UTF8MB4).zeros(23).toBytes());
      encrypted = TrustAll.over(channel.socket());
      client = WireClient.over(encrypted);
      byte[] answer = WireAuth.answer(WireAuth.NATIVE, password, greeting.nonce());
      client.write(2, WireClient.loginPayload(user, answer, "", WireAuth.NATIVE, capabilities));
      client.expectOk();
    } else {
      encrypted = null;
      client = plain;
      client.login(user, password);
    }
    client.query("SET @master_binlog_checksum= @@global.binlog_checksum");
    client.query("SET @mariadb_slave_capability=4");
    client.command(
        new WireWriter()
            .u1(COM_REGISTER_SLAVE)
            .u4(SERVER_ID)
            .u1(0)
            .u1(0)
            .u1(0)
            .u2(3306)
            .u4(0)
            .u4(0)
            .toBytes());
    client.expectOk();
  }

  /** Takes commands from standard input until that ends. */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(words[1]));
      try (SocketChannel channel = SocketChannel.open(address)) {
        OneReplica replica =
            new OneReplica(channel, Boolean.parseBoolean(words[2]), words[3], words[4]);
        out.println("ready");
        String go = in.readLine();
        if (go == null) {
          return;
        }
        String[] dump = go.split(" ");
        long bytes = Long.parseLong(dump[2]);
        int padding = Integer.parseInt(dump[3]);
        out.println("replica " + replica.dump(dump[1], bytes, padding));
      }
    }
  }

  private String dump(String file, long bytes, int padding) throws IOException {
    long began = System.nanoTime();
    client.command(
        new WireWriter()
            .u1(COM_BINLOG_DUMP)
            .u4(FIRST_EVENT)
            .u2(NON_BLOCK)
            .u4(SERVER_ID)
            .text(file)
            .toBytes());
    SSLSocket tls = encrypted;
    if (tls != null && bytes > 0) {
      return count(tls, bytes, padding, began);
    }
    NullReplica replica = new NullReplica(channel);
    long got = tls == null ? read(replica) : decrypt(replica, tls.getInputStream());
    long ended = replica.state() == NullReplica.State.OPEN ? System.nanoTime() : replica.endedAt();
    // A stream that is still open here has ended without a word.
    NullReplica.State state =
        replica.state() == NullReplica.State.OPEN ? NullReplica.State.LOST : replica.state();
    return got + " " + replica.packets() + " " + (ended - began) + " " + state;
  }

  private long read(NullReplica replica) throws IOException {
    try (Selector selector = selector()) {
      while (replica.state() == NullReplica.State.OPEN) {
        await(selector);
        replica.read(buffer);
      }
    }
    return replica.bytes();
  }

  private static long decrypt(NullReplica replica, InputStream in) throws IOException {
    byte[] plain = new byte[BUFFER];
    ByteBuffer view = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
    long bytes = 0;
    int got = 0;
    while (got >= 0 && replica.state() == NullReplica.State.OPEN) {
      got = in.read(plain);
      if (got > 0) {
        bytes += got;
        replica.walk(view.clear().limit(got));
      }
    }
    return bytes;
  }

  /** Java's sockets take no more of a connection than the record at hand, so the rest is there. */
  private String count(SSLSocket tls, long wanted, int padding, long began) throws IOException {
    SSLSession session = tls.getSession();
    int overhead = TlsRecords.overhead(session.getProtocol(), session.getCipherSuite());
    TlsRecords records = new TlsRecords(overhead + padding, wanted);
    try (Selector selector = selector()) {
      while (records.bytes() < wanted || !records.isWhole()) {
        await(selector);
        buffer.clear();
        if (channel.read(buffer) < 0) {
          return records.bytes() + " 0 " + (System.nanoTime() - began) + " LOST";
        }
        records.walk(buffer.flip());
      }
    }
    return records.bytes() + " 0 " + (System.nanoTime() - began) + " COUNTED";
  }

  private Selector selector() throws IOException {
    channel.configureBlocking(false);
    Selector selector = Selector.open();
    channel.register(selector, SelectionKey.OP_READ);
    return selector;
  }

  private static void await(Selector selector) throws IOException {
    if (selector.select(key -> {}, SILENCE_MILLIS) == 0) {
      throw new IllegalStateException("no byte within " + SILENCE_MILLIS + " ms");
    }
  }
}
