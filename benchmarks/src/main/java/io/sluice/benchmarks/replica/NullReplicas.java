package io.sluice.benchmarks.replica;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.testkit.wire.WireClient;
import io.sluice.testkit.wire.WireWriter;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The program of {@link ReplicaFleet}: many {@link NullReplica}s on one thread.
 *
 * <p>Says {@code ready} once all have registered; on {@code go} all ask for their dumps. {@code
 * count} answers with the bytes and packets so far. When all streams have ended, or on {@code
 * stop}, it tells each: {@code replica BYTES PACKETS NANOSECONDS STATE}, then {@code done}.
 */
public final class NullReplicas {
  private static final int BUFFER = 256 << 10;
  private static final int COM_REGISTER_SLAVE = 0x15;
  private static final int COM_BINLOG_DUMP = 0x12;

  private final FleetOptions options;
  private final PrintStream out;
  private final List<NullReplica> replicas = new ArrayList<>();
  private final Queue<String> commands = new ConcurrentLinkedQueue<>();
  private final Selector selector;

  private NullReplicas(FleetOptions options, PrintStream out) throws IOException {
    this.options = options;
    this.out = out;
    this.selector = Selector.open();
  }

  /** Takes {@link FleetOptions#arguments}. */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    NullReplicas program = new NullReplicas(FleetOptions.parse(arguments), out);
    program.connect();
    Thread ears = new Thread(program::listen, "commands");
    ears.setDaemon(true);
    ears.start();
    program.run();
  }

  private void listen() {
    try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        commands.add(line);
        selector.wakeup();
      }
    } catch (IOException e) {
      out.println("commands: " + e);
    }
    commands.add("stop");
    selector.wakeup();
  }

  private void connect() throws IOException {
    for (int i = 0; i < options.replicas(); i++) {
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
      replicas.add(new NullReplica(channel));
    }
    out.println("ready");
  }

  private void run() throws IOException {
    ByteBuffer shared = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    long began = 0;
    int open = replicas.size();
    boolean stopped = false;
    while (open > 0 && !stopped) {
      selector.select();
      for (String line = commands.poll(); line != null; line = commands.poll()) {
        switch (line) {
          case "go" -> {
            began = System.nanoTime();
            dump();
          }
          case "count" -> count();
          default -> stopped = true;
        }
      }
      Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
      while (keys.hasNext()) {
        SelectionKey key = keys.next();
        keys.remove();
        NullReplica replica = (NullReplica) key.attachment();
        replica.read(shared);
        if (replica.state() != NullReplica.State.OPEN) {
          key.cancel();
          open--;
        }
      }
    }
    tell(began);
  }

  private void dump() throws IOException {
    for (int i = 0; i < replicas.size(); i++) {
      SocketChannel channel = replicas.get(i).channel();
      FleetOptions.Start start = options.start(i);
      byte[] payload =
          new WireWriter()
              .u1(COM_BINLOG_DUMP)
              .u4(start.position())
              .u2(options.untilEnd() ? 1 : 0)
              .u4(options.firstServerId() + i)
              .text(start.file())
              .toBytes();
      ByteBuffer packet = ByteBuffer.allocate(4 + payload.length).order(ByteOrder.LITTLE_ENDIAN);
      packet.putInt(payload.length).put(payload).flip();
      channel.write(packet);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, replicas.get(i));
    }
  }

  private void count() {
    long bytes = 0;
    long packets = 0;
    for (NullReplica replica : replicas) {
      bytes += replica.bytes();
      packets += replica.packets();
    }
    out.println("count " + bytes + " " + packets);
  }

  private void tell(long began) {
    for (NullReplica replica : replicas) {
      long ended =
          replica.state() == NullReplica.State.OPEN ? System.nanoTime() : replica.endedAt();
      out.println(
          "replica "
              + replica.bytes()
              + " "
              + replica.packets()
              + " "
              + (ended - began)
              + " "
              + replica.state());
    }
    out.println("done");
  }
}
