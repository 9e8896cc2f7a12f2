package io.sluice.benchmarks.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WireReader;
import io.sluice.testkit.wire.WireWriter;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One connection that inserts rows with a prepared statement; each execution is one packet of fixed
 * length, in which the row's number and stamp are changed. Confined to one thread, but for {@link
 * #transactions}.
 */
final class InsertConnection {
  private static final int COM_STMT_PREPARE = 0x16;
  private static final int COM_STMT_EXECUTE = 0x17;
  private static final int TYPE_LONGLONG = 8;
  private static final int TYPE_BLOB = 252;
  private static final int PARAMETERS = 2;
  private static final int HEADER = 4;
  private static final int MAX_PAYLOAD = 0xffffff;
  private static final int ANSWER = 4096;

  /** Header, command, statement, flags, count, no nulls, types. */
  private static final int ID = HEADER + 1 + 4 + 1 + 4 + 1 + 1 + 2 * PARAMETERS;

  private static final int STAMP = ID + 8 + 1;

  private final SocketChannel channel;
  private final WireClient client;
  private final ByteBuffer answer =
      ByteBuffer.allocateDirect(ANSWER).order(ByteOrder.LITTLE_ENDIAN);
  private long next;
  private ByteBuffer request = ByteBuffer.allocate(0);
  private final AtomicLong transactions = new AtomicLong();

  /** Connects; numbers of rows begin there. */
  InsertConnection(String host, int port, String user, String password, long first)
      throws IOException {
    channel = SocketChannel.open(new InetSocketAddress(host, port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    client = WireClient.over(channel.socket());
    client.login(user, password);
    next = first;
  }

  /** How many rows were committed since the connection began. */
  long transactions() {
    return transactions.get();
  }

  /** After the table was made anew. */
  void prepare() {
    client.command(new WireWriter().u1(COM_STMT_PREPARE).text(Stamps.INSERT).toBytes());
    WireReader ok = client.expectOk().reader().skip(1);
    long statement = ok.u4();
    for (int i = 0; i < PARAMETERS; i++) {
      client.read();
    }
    client.expectEof();
    byte[] payload =
        new WireWriter()
            .u1(COM_STMT_EXECUTE)
            .u4(statement)
            .u1(0)
            .u4(1)
            .u1(0)
            .u1(1)
            .u2(TYPE_LONGLONG)
            .u2(TYPE_BLOB)
            .u8(0)
            .u1(Stamps.LENGTH)
            .zeros(Stamps.LENGTH)
            .toBytes();
    request =
        ByteBuffer.allocateDirect(HEADER + payload.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(payload.length)
            .put(payload);
  }

  /**
   * Inserts one row after the other, or at the pace: the n-th not before {@code began + n * pace}.
   *
   * @param began the first moment, by {@link System#nanoTime}
   * @param ends no row begins later
   * @param pace nanoseconds; 0 for none
   */
  void run(long began, long ends, long pace) throws IOException {
    long due = began;
    while (true) {
      long now = System.nanoTime();
      while (pace > 0 && now - due < 0) {
        LockSupport.parkNanos(due - now);
        now = System.nanoTime();
      }
      if (now - ends >= 0) {
        return;
      }
      insert();
      due += pace;
    }
  }

  private void insert() throws IOException {
    request.clear();
    request.putLong(ID, next++);
    Stamps.write(request, STAMP, System.nanoTime());
    while (request.hasRemaining()) {
      channel.write(request);
    }
    answer.clear();
    int wanted = HEADER;
    while (answer.position() < wanted) {
      if (channel.read(answer) < 0) {
        throw new EOFException("the server ended the connection");
      }
      if (answer.position() >= HEADER) {
        wanted = HEADER + (answer.getInt(0) & MAX_PAYLOAD);
      }
    }
    if (answer.get(HEADER) != 0) {
      byte[] bytes = new byte[answer.position() - HEADER];
      answer.get(HEADER, bytes);
      throw new IllegalStateException("insert: " + new String(bytes, UTF_8) + " (expected: OK)");
    }
    transactions.getAndIncrement();
  }

  /** How far apart the rows of one of so many connections are, for so many in a second in all. */
  static long pace(double perSecond, int connections) {
    return perSecond == 0 ? 0 : (long) (TimeUnit.SECONDS.toNanos(connections) / perSecond);
  }
}
