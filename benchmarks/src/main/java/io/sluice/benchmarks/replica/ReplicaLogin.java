package io.sluice.benchmarks.replica;

import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WireWriter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;

/** What a replica says before its stream begins. */
final class ReplicaLogin {
  private static final int COM_REGISTER_SLAVE = 0x15;
  private static final int COM_BINLOG_DUMP = 0x12;
  private static final int HEADER = 4;

  private ReplicaLogin() {}

  /** Connects replica {@code i}, logs in and registers. */
  static SocketChannel register(FleetOptions options, int i) throws IOException {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(options.host(), options.port()));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    WireClient client = WireClient.over(channel.socket());
    client.login(options.user(), options.password());
    for (String statement : options.statements(i)) {
      client.query(statement);
    }
    long id = options.firstServerId() + i;
    client.command(
        new WireWriter()
            .u1(COM_REGISTER_SLAVE)
            .u4(id)
            .u1(0)
            .u1(0)
            .u1(0)
            .u2(3306)
            .u4(0)
            .u4(0)
            .toBytes());
    client.expectOk();
    return channel;
  }

  /** Asks for the stream of replica {@code i}; the channel blocks. */
  static void dump(FleetOptions options, int i, SocketChannel channel) throws IOException {
    FleetOptions.Start start = options.start(i);
    byte[] payload =
        new WireWriter()
            .u1(COM_BINLOG_DUMP)
            .u4(start.position())
            .u2(options.untilEnd() ? 1 : 0)
            .u4(options.firstServerId() + i)
            .text(start.file())
            .toBytes();
    ByteBuffer packet = ByteBuffer.allocate(HEADER + payload.length).order(ByteOrder.LITTLE_ENDIAN);
    packet.putInt(payload.length).put(payload).flip();
    while (packet.hasRemaining()) {
      channel.write(packet);
    }
  }
}
