package io.sluice.testkit.wire;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A small blocking client with no opinion about what may be sent: a proper login and text queries,
 * or any bytes at any moment. Not thread-safe. Reads fail after 20 s of silence, unless {@link
 * #timeout} says otherwise.
 */
public final class WireClient implements AutoCloseable {
  /**
   * LONG_PASSWORD, PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION, MULTI_RESULTS, PS_MULTI_RESULTS,
   * PLUGIN_AUTH; no DEPRECATE_EOF, so that result sets end with EOF packets.
   */
  public static final long DEFAULT_CAPABILITIES =
      1L | 1L << 9 | 1L << 13 | 1L << 15 | 1L << 17 | 1L << 18 | 1L << 19;

  public static final long CONNECT_WITH_DB = 1L << 3;
  public static final long MULTI_STATEMENTS = 1L << 16;

  private static final int UTF8MB4 = 45;

  private final WireChannel channel;
  private @Nullable WireGreeting greeting;

  private WireClient(WireChannel channel) {
    this.channel = channel;
  }

  /** Connects and sends nothing. */
  public static WireClient open(String host, int port) {
    return new WireClient(WireChannel.connect(host, port, 0));
  }

  /**
   * Over a socket that is connected already, for example from an address of the caller's choice.
   */
  public static WireClient over(java.net.Socket socket) {
    return new WireClient(new WireChannel(socket));
  }

  /** Connects with a small receive buffer, for a client that will stop reading. */
  public static WireClient openSlow(String host, int port) {
    return new WireClient(WireChannel.connect(host, port, 8192));
  }

  /** Connects and logs in. */
  public static WireClient connect(String host, int port, String user, String password) {
    WireClient client = open(host, port);
    try {
      client.login(user, password);
      return client;
    } catch (RuntimeException | AssertionError e) {
      client.close();
      throw e;
    }
  }

  public WireChannel channel() {
    return channel;
  }

  public void timeout(Duration timeout) {
    channel.timeout(timeout);
  }

  /** The server's first packet; read on first use. An ERR packet throws {@link WireError}. */
  public WireGreeting greeting() {
    WireGreeting known = greeting;
    if (known == null) {
      known = WireGreeting.parse(channel.read());
      greeting = known;
    }
    return known;
  }

  /** Logs in with the method of the greeting, and follows an authentication switch. */
  public void login(String user, String password) {
    login(user, password, "", DEFAULT_CAPABILITIES);
  }

  /** The same with a default database (may be empty) and chosen capabilities. */
  public void login(String user, String password, String database, long capabilities) {
    WireGreeting hello = greeting();
    String plugin = hello.plugin().equals(WireAuth.CACHING_SHA2) ? hello.plugin() : WireAuth.NATIVE;
    byte[] answer = WireAuth.answer(plugin, password, hello.nonce());
    channel.write(1, loginPayload(user, answer, database, plugin, capabilities));
    finishLogin(password, hello.nonce());
  }

  /** A HandshakeResponse41. */
  public static byte[] loginPayload(
      String user, byte[] answer, String database, String plugin, long capabilities) {
    long flags = database.isEmpty() ? capabilities : capabilities | CONNECT_WITH_DB;
    WireWriter response =
        new WireWriter()
            .u4(flags)
            .u4(1L << 30)
            .u1(UTF8MB4)
            .zeros(23)
            .nulText(user)
            .u1(answer.length)
            .bytes(answer);
    if (!database.isEmpty()) {
      response.nulText(database);
    }
    return response.nulText(plugin).toBytes();
  }

  private void finishLogin(String password, byte[] firstNonce) {
    byte[] nonce = firstNonce;
    while (true) {
      WirePacket packet = channel.read();
      int sequence = packet.sequence() + 1;
      if (packet.isError()) {
        throw WireError.parse(packet);
      }
      if (packet.isOk()) {
        return;
      }
      WireReader reader = packet.reader().skip(1);
      if (packet.header() == 0xFE) {
        String plugin = reader.nulText();
        nonce = Arrays.copyOf(reader.rest(), 20);
        channel.write(sequence, WireAuth.answer(plugin, password, nonce));
      } else if (packet.header() == 0x01 && reader.u1() == 0x04) {
        channel.write(sequence, new byte[] {0x02});
        WirePacket key = channel.read();
        String pem = key.reader().skip(1).restText();
        channel.write(key.sequence() + 1, WireAuth.rsaPassword(password, nonce, pem));
      }
    }
  }

  /** Sends bytes as they are, no header added. */
  public void send(byte... raw) {
    channel.send(raw);
  }

  /** Sends one payload with a header of that sequence number. */
  public void write(int sequence, byte... payload) {
    channel.write(sequence, payload);
  }

  /** Sends a command, sequence 0. */
  public void command(byte... payload) {
    channel.write(0, payload);
  }

  /** Sends COM_QUERY without reading the answer. */
  public void sendQuery(String sql) {
    command(new WireWriter().u1(0x03).text(sql).toBytes());
  }

  /** Runs COM_QUERY; an ERR packet throws {@link WireError}. Only the first result is read. */
  public WireResult query(String sql) {
    sendQuery(sql);
    return readResult();
  }

  /** Reads one OK or text result set. */
  public WireResult readResult() {
    WirePacket first = channel.read();
    if (first.isError()) {
      throw WireError.parse(first);
    }
    WireReader reader = first.reader();
    if (first.isOk()) {
      reader.skip(1);
      long affected = reader.lenenc();
      reader.lenenc();
      return new WireResult(List.of(), List.of(), affected, reader.u2());
    }
    int count = Math.toIntExact(reader.lenenc());
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      WireReader column = channel.read().reader();
      for (int skipped = 0; skipped < 4; skipped++) {
        column.lenencText();
      }
      columns.add(column.lenencText());
    }
    expectEof();
    List<List<@Nullable String>> rows = new ArrayList<>();
    while (true) {
      WirePacket packet = channel.read();
      if (packet.isError()) {
        throw WireError.parse(packet);
      }
      if (packet.isEof()) {
        return new WireResult(columns, rows, 0, packet.reader().skip(3).u2());
      }
      rows.add(row(packet, count));
    }
  }

  private static List<@Nullable String> row(WirePacket packet, int count) {
    WireReader reader = packet.reader();
    List<@Nullable String> row = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long length = reader.lenenc();
      row.add(
          length < 0
              ? null
              : new String(reader.bytes(Math.toIntExact(length)), StandardCharsets.UTF_8));
    }
    return row;
  }

  /** Reads one packet (or joined message). */
  public WirePacket read() {
    return channel.read();
  }

  /** Reads a packet that must be OK. */
  public WirePacket expectOk() {
    WirePacket packet = channel.read();
    if (packet.isError()) {
      throw WireError.parse(packet);
    }
    if (!packet.isOk()) {
      throw new AssertionError(packet + " (expected: OK)");
    }
    return packet;
  }

  /** Reads a packet that must be EOF. */
  public WirePacket expectEof() {
    WirePacket packet = channel.read();
    if (!packet.isEof()) {
      throw new AssertionError(packet + " (expected: EOF)");
    }
    return packet;
  }

  /** Reads a packet that must be ERR with that number. */
  public WireError expectError(int code) {
    WirePacket packet = channel.read();
    if (!packet.isError()) {
      throw new AssertionError(packet + " (expected: ERR " + code + ")");
    }
    WireError error = WireError.parse(packet);
    if (error.code() != code) {
      throw new AssertionError("ERR code differs (expected: " + code + ")", error);
    }
    return error;
  }

  /** Says good-bye (COM_QUIT) and closes. */
  public void quit() {
    command((byte) 0x01);
    close();
  }

  /** The peer must end the connection within the timeout; what it sends before is dropped. */
  public void expectClosed(Duration timeout) {
    channel.timeout(timeout);
    if (!channel.drainToEnd()) {
      throw new AssertionError("connection still open after " + timeout.toMillis() + " ms");
    }
  }

  /** The same within a minute. */
  public void expectClosed() {
    expectClosed(Duration.ofMinutes(1));
  }

  @Override
  public void close() {
    channel.close();
  }
}
