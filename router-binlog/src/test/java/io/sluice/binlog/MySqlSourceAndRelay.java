package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.store.StoreTester;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Privilege;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.wire.WireWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A real MySQL source, and a relay whose store has the source's files: both are asked the same. */
final class MySqlSourceAndRelay implements AutoCloseable {
  private static final int FLAGS = 4 + 17;

  final MySqlServer source;
  final LocalRelay relay;
  final List<String> files;
  private final List<String> differences = new ArrayList<>();
  private int compared;

  /** Takes over a source that has written all it will write. */
  MySqlSourceAndRelay(MySqlServer source, Path directory) throws Exception {
    this.source = source;
    this.files = source.binlogFiles();
    Map<String, String> variables = new TreeMap<>();
    source
        .queryRows("SHOW GLOBAL VARIABLES")
        .forEach(row -> variables.put(row.get(0), row.get(1) == null ? "" : row.get(1)));
    relay = new LocalRelay(directory, variables);
    relay.store.resume();
    for (String file : files) {
      byte[] bytes = Files.readAllBytes(source.binlogPath(file));
      bytes[FLAGS] &= ~1;
      relay.store.file(file, bytes);
      relay.store.awaitVisible(file, bytes.length);
    }
  }

  static void createUser(MySqlServer server) {
    server.createUser(
        RelayHarness.USER,
        RelayHarness.PASSWORD,
        "REPLICATION SLAVE ON *.*",
        "REPLICATION CLIENT ON *.*");
  }

  static byte[] encoded(String set) {
    ByteBuf out = Unpooled.buffer();
    MySqlGtidSet.parse(set).encode(out, false);
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }

  List<String> direct(List<String> statements, byte... command) {
    return DumpStream.read(source.port(), statements, command);
  }

  List<String> relayed(List<String> statements, byte... command) throws Exception {
    try (FakeSession session =
        new FakeSession(Capabilities.INTERNAL, Set.of(Privilege.REPLICATION_SLAVE))) {
      BinlogRouterSession router = relay.session(session);
      for (String statement : statements) {
        LocalRelay.route(
            session, router, framed(new WireWriter().u1(0x03).text(statement).toBytes()));
      }
      StoreTester.await(() -> session.wire().length >= statements.size() * 11);
      List<String> answers = DumpStream.parse(session.takeWire());
      assertThat(answers).hasSameSizeAs(statements).noneMatch(text -> text.startsWith("ERR"));
      LocalRelay.route(session, router, framed(command));
      StoreTester.await(() -> session.closed != null);
      List<String> packets = DumpStream.parse(session.wire());
      session.eventLoop().submit(router::close).get();
      return packets;
    }
  }

  private static byte[] framed(byte... payload) {
    return new WireWriter().u3(payload.length).u1(0).bytes(payload).toBytes();
  }

  /** Asks both; a difference is kept for {@link #check}. */
  void compare(String what, List<String> statements, byte... command) throws Exception {
    List<String> wanted = direct(statements, command);
    List<String> got = relayed(statements, command);
    compared++;
    for (int i = 0; i < Math.min(wanted.size(), got.size()); i++) {
      if (!got.get(i).equals(wanted.get(i))) {
        differences.add(
            what + ": packet " + i + "\n  source " + wanted.get(i) + "\n  relay  " + got.get(i));
        return;
      }
    }
    if (wanted.size() != got.size()) {
      int last = Math.min(wanted.size(), got.size());
      differences.add(
          what
              + ": "
              + wanted.size()
              + " packets of the source, "
              + got.size()
              + " of the relay, the first one too many "
              + (wanted.size() > last ? wanted.get(last) : got.get(last)));
    }
  }

  /** All questions since the last time had the same answers. */
  void check() {
    List<String> found = List.copyOf(differences);
    differences.clear();
    assertThat(found).as("%s: %d streams compared", source, compared).isEmpty();
  }

  @Override
  public void close() {
    relay.close();
    source.close();
  }
}
