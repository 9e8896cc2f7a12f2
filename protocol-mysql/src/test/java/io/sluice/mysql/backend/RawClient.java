package io.sluice.mysql.backend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.message.HandshakeResponse41;
import io.sluice.mysql.message.HandshakeV10;
import io.sluice.mysql.request.MySqlReply;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.wire.Packets;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.util.Map;

/**
 * A client that sends any bytes and keeps the bytes of the answers. Where an answer ends it knows
 * from the tracker under test, and a ping behind each answer proves it: a wrong end would leave
 * other bytes before the answer to the ping, or none.
 */
public final class RawClient implements AutoCloseable {

  private static final int DEADLINE_MILLIS = 60_000;
  private static final int AUTH_SWITCH = 0xfe;
  private static final byte[] PING_ANSWER_HEAD = {0, 0, 0};

  private final Socket socket;
  private final DataInputStream in;
  private final HandshakeV10 greeting;
  private final ReplyTracker tracker;

  /**
   * Logs in without a password.
   *
   * @param wanted asked for as far as it is offered
   */
  public RawClient(int port, String user, Capabilities wanted) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(DEADLINE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    greeting = HandshakeV10.decode(Unpooled.wrappedBuffer(payload(packet())));
    boolean mariaDb = wanted.hasAny(Capabilities.MARIADB_BITS);
    Capabilities agreed =
        wanted
            .and(greeting.capabilities())
            .with(Capabilities.PROTOCOL_41 | (mariaDb ? 0 : Capabilities.LONG_PASSWORD));
    ByteBuf login = Unpooled.buffer();
    new HandshakeResponse41(
            agreed,
            1 << 30,
            45,
            user,
            new byte[0],
            null,
            greeting.authPlugin(),
            Map.of("program_name", "raw"))
        .encode(login);
    send(1, ByteBufUtil.getBytes(login));
    byte[] answer = packet();
    if ((answer[4] & 0xff) == AUTH_SWITCH) {
      send((answer[3] & 0xff) + 1, new byte[0]);
      answer = packet();
    }
    if (answer[4] != 0) {
      throw new IOException("login: " + ByteBufUtil.hexDump(answer));
    }
    tracker = new ReplyTracker(agreed);
  }

  /** The number that the greeting told. */
  public long id() {
    return greeting.connectionId();
  }

  /** What the greeting offered. */
  public Capabilities offered() {
    return greeting.capabilities();
  }

  /** Sends a request and returns the whole answer in hex, then proves where it ended. */
  public String ask(Command command, byte[] rest) throws IOException {
    String answer = askOnly(command, rest);
    prove();
    return answer;
  }

  /** Sends a request whose answer asks for data, sends that and returns the whole answer in hex. */
  public String load(byte[] query, byte[]... data) throws IOException {
    request(Command.QUERY, query);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    read(all);
    MySqlReply reply = tracker.current();
    if (reply != null && reply.wantsClientData()) {
      int sequence = 2;
      for (byte[] piece : data) {
        send(sequence++, piece);
      }
      send(sequence, new byte[0]);
      tracker.dataSent();
      read(all);
    }
    tracker.advance();
    prove();
    return ByteBufUtil.hexDump(all.toByteArray());
  }

  /** The same without the proof, for a connection that may be gone afterwards. */
  public String askOnly(Command command, byte[] rest) throws IOException {
    request(command, rest);
    if (!command.expectsReply()) {
      return "";
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    read(all);
    tracker.advance();
    return ByteBufUtil.hexDump(all.toByteArray());
  }

  private void request(Command command, byte[] rest) throws IOException {
    byte[] payload = new byte[rest.length + 1];
    payload[0] = (byte) command.code();
    System.arraycopy(rest, 0, payload, 1, rest.length);
    if (command.expectsReply()) {
      tracker.expect(command, MySqlRequest.of(command));
    }
    send(0, payload);
  }

  /** Reads until the answer is complete or waits for data. */
  private void read(ByteArrayOutputStream all) throws IOException {
    while (true) {
      byte[] packet = packet();
      all.writeBytes(packet);
      tracker.walk(Unpooled.wrappedBuffer(packet), 0);
      MySqlReply reply = tracker.current();
      if (reply == null || reply.isComplete() || reply.wantsClientData()) {
        return;
      }
    }
  }

  private void prove() throws IOException {
    send(0, new byte[] {(byte) Command.PING.code()});
    byte[] packet = packet();
    if (packet[3] != 1 || !java.util.Arrays.equals(packet, 4, 7, PING_ANSWER_HEAD, 0, 3)) {
      throw new IOException("behind an answer: " + ByteBufUtil.hexDump(packet));
    }
  }

  private byte[] packet() throws IOException {
    byte[] header = new byte[Packets.HEADER];
    in.readFully(header);
    int length = Packets.payloadLength(Unpooled.wrappedBuffer(header), 0);
    byte[] packet = java.util.Arrays.copyOf(header, Packets.HEADER + length);
    in.readFully(packet, Packets.HEADER, length);
    return packet;
  }

  private static byte[] payload(byte[] packet) throws EOFException {
    if (packet.length == Packets.HEADER) {
      throw new EOFException("empty packet");
    }
    return java.util.Arrays.copyOfRange(packet, Packets.HEADER, packet.length);
  }

  private void send(int sequence, byte[] payload) throws IOException {
    ByteBuf framed = Unpooled.buffer();
    framed.writeMediumLE(payload.length).writeByte(sequence).writeBytes(payload);
    socket.getOutputStream().write(ByteBufUtil.getBytes(framed));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
