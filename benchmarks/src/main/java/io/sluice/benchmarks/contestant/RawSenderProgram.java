package io.sluice.benchmarks.contestant;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.testkit.wire.WireAuth;
import io.sluice.testkit.wire.WireChannel;
import io.sluice.testkit.wire.WirePacket;
import io.sluice.testkit.wire.WireReader;
import io.sluice.testkit.wire.WireWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * The program of {@link RawSender}: lets anybody in, says OK to all, and answers a dump with its
 * packets and an EOF packet. One thread and blocking writes for each connection. Says {@code ready
 * PORT GROUPS}.
 */
public final class RawSenderProgram {
  /** Large enough that the calls do not count, small enough for a processor's cache. */
  private static final int WRITE = 1 << 20;

  /** LONG_PASSWORD, PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION, PLUGIN_AUTH. */
  private static final int CAPABILITIES = 1 | 1 << 9 | 1 << 13 | 1 << 15 | 1 << 19;

  private static final int UTF8 = 33;
  private static final int AUTOCOMMIT = 2;
  private static final int NONCE = 20;
  private static final int NONCE_BEGIN = 8;
  private static final int COM_QUIT = 0x01;
  private static final int COM_BINLOG_DUMP = 0x12;
  private static final byte[] OK = {0, 0, 0, AUTOCOMMIT, 0, 0, 0};
  private static final byte[] EOF = {(byte) 0xfe, 0, 0, AUTOCOMMIT, 0};

  private final FramedFile packets;
  private final long bytes;

  private RawSenderProgram(FramedFile packets, long bytes) {
    this.packets = packets;
    this.bytes = bytes;
  }

  /** Takes the file, the size of the memory for its packets, and the length of a dump. */
  public static void main(String[] arguments) throws IOException {
    FramedFile packets =
        FramedFile.read(Path.of(arguments[0]), Math.toIntExact(Long.parseLong(arguments[1])));
    RawSenderProgram program = new RawSenderProgram(packets, Long.parseLong(arguments[2]));
    Thread ears = new Thread(RawSenderProgram::endWithParent, "commands");
    ears.setDaemon(true);
    ears.start();
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
      out.println("ready " + listener.socket().getLocalPort() + " " + packets.groups());
      while (true) {
        SocketChannel channel = listener.accept();
        Thread thread = new Thread(() -> program.serve(channel), "sender");
        thread.setDaemon(true);
        thread.start();
      }
    }
  }

  private static void endWithParent() {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Runtime.getRuntime().halt(0);
    }
  }

  private void serve(SocketChannel channel) {
    try (channel) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      WireChannel wire = new WireChannel(channel.socket());
      wire.timeout(java.time.Duration.ZERO);
      wire.write(0, greeting());
      wire.read();
      wire.write(2, OK);
      for (WirePacket packet = wire.read(); packet.header() != COM_QUIT; packet = wire.read()) {
        WireReader reader = packet.reader();
        if (reader.u1() == COM_BINLOG_DUMP) {
          send(channel, Math.toIntExact(reader.u4()));
        } else {
          wire.write(1, OK);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      // The replica has had enough: nothing is left to do for it.
      return;
    }
  }

  private static byte[] greeting() {
    byte[] nonce = new byte[NONCE];
    java.util.Arrays.fill(nonce, (byte) 'n');
    return new WireWriter()
        .u1(10)
        .nulText("11.4.0-raw-sender")
        .u4(1)
        .bytes(java.util.Arrays.copyOf(nonce, NONCE_BEGIN))
        .u1(0)
        .u2(CAPABILITIES & 0xffff)
        .u1(UTF8)
        .u2(AUTOCOMMIT)
        .u2(CAPABILITIES >>> 16)
        .u1(NONCE + 1)
        .zeros(10)
        .bytes(java.util.Arrays.copyOfRange(nonce, NONCE_BEGIN, NONCE))
        .u1(0)
        .nulText(WireAuth.NATIVE)
        .toBytes();
  }

  private void send(SocketChannel channel, int group) throws IOException {
    ByteBuffer content = packets.content();
    int at = packets.offset(group);
    long left = bytes;
    while (left > 0) {
      int part = Math.min(WRITE, content.capacity() - at);
      content.limit(at + part).position(at);
      while (content.hasRemaining()) {
        channel.write(content);
      }
      left -= part;
      at = (at + part) % content.capacity();
    }
    finish(channel, content, at);
  }

  /** Ends with a whole packet: up to the next group, whose first packet has number 1. */
  private void finish(SocketChannel channel, ByteBuffer content, int at) throws IOException {
    int end = packets.groupAtOrBehind(at);
    content.limit(end).position(at);
    ByteBuffer eof = ByteBuffer.wrap(WireChannel.frame(1, EOF));
    while (content.hasRemaining() || eof.hasRemaining()) {
      channel.write(new ByteBuffer[] {content, eof});
    }
  }
}
