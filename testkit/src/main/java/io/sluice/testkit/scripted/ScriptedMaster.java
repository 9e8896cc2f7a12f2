package io.sluice.testkit.scripted;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.Ports;
import io.sluice.testkit.wire.WireAuth;
import io.sluice.testkit.wire.WireChannel;
import io.sluice.testkit.wire.WirePacket;
import io.sluice.testkit.wire.WireReader;
import io.sluice.testkit.wire.WireWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The master side of replication, as a script: greets as a MariaDB server, lets anybody in, answers
 * the queries of a registering replica, and on a dump request runs the {@link Script} that the test
 * chose for it. Records what it saw. One thread per connection; all methods from any thread.
 */
public final class ScriptedMaster implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(ScriptedMaster.class);
  private static final Duration WAIT = Duration.ofMinutes(1);

  /**
   * LONG_PASSWORD, FOUND_ROWS, LONG_FLAG, CONNECT_WITH_DB, PROTOCOL_41, TRANSACTIONS,
   * SECURE_CONNECTION, MULTI_STATEMENTS, MULTI_RESULTS, PLUGIN_AUTH, CONNECT_ATTRS, lenenc auth
   * data. Neither TLS nor compression nor DEPRECATE_EOF.
   */
  private static final long CAPABILITIES =
      0xFL | 1L << 9 | 1L << 13 | 1L << 15 | 1L << 16 | 1L << 17 | 1L << 19 | 1L << 20 | 1L << 21;

  private static final int COM_QUIT = 0x01;
  private static final int COM_QUERY = 0x03;
  private static final int COM_PING = 0x0e;
  private static final int COM_BINLOG_DUMP = 0x12;
  private static final int COM_REGISTER_SLAVE = 0x15;

  private final ServerSocket listener;
  private final MasterAnswers answers;
  private final Function<DumpRequest, Script> scripts;
  private final Answer loginAnswer;
  private final Set<WireChannel> open = ConcurrentHashMap.newKeySet();
  private final List<String> queries = new CopyOnWriteArrayList<>();
  private final List<DumpRequest> dumps = new CopyOnWriteArrayList<>();
  private final List<Long> registrations = new CopyOnWriteArrayList<>();
  private final List<String> users = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Script> pushed = new LinkedBlockingQueue<>();
  private final AtomicInteger connections = new AtomicInteger();

  private ScriptedMaster(Builder builder) {
    this.answers = builder.answers;
    this.scripts = builder.scripts;
    this.loginAnswer = builder.loginAnswer;
    try {
      this.listener =
          new ServerSocket(
              builder.port == 0 ? Ports.free() : builder.port,
              100,
              InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen", e);
    }
    daemon("accept", this::accept);
  }

  public static Builder builder() {
    return new Builder();
  }

  public String host() {
    return "127.0.0.1";
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Texts of all queries, over all connections. */
  public List<String> queries() {
    return List.copyOf(queries);
  }

  /** All dump requests. */
  public List<DumpRequest> dumps() {
    return List.copyOf(dumps);
  }

  /** Server ids of COM_REGISTER_SLAVE, in order. */
  public List<Long> registrations() {
    return List.copyOf(registrations);
  }

  /** Names of the users that logged in. */
  public List<String> users() {
    return List.copyOf(users);
  }

  /** How many connections were accepted so far. */
  public int connections() {
    return connections.get();
  }

  /** How many connections are open now. */
  public int openConnections() {
    return open.size();
  }

  /** Waits for the dump request of that number (the first one is 1). */
  public DumpRequest awaitDump(int number) {
    Await.until(
        "dump request " + number,
        WAIT,
        () -> dumps.size() >= number,
        () -> "queries: " + queries + ", dumps: " + dumps);
    return dumps.get(number - 1);
  }

  /** Adds to what the current dump sends, after its script; kept for the next dump otherwise. */
  public void push(Script more) {
    pushed.add(more);
  }

  /** Adds events to what the current dump sends. */
  public void push(List<byte[]> events) {
    push(Script.events(events));
  }

  /** Changes or adds a system variable. */
  public void variable(String name, String value) {
    answers.variable(name, value);
  }

  /** Changes or adds the answer to a query; compared without case and repeated white space. */
  public void answer(String sql, Answer answer) {
    answers.give(sql, answer);
  }

  /** Ends all connections; new ones are accepted. */
  public void dropConnections() {
    open.forEach(WireChannel::reset);
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    open.forEach(WireChannel::close);
  }

  private static void daemon(String name, Runnable body) {
    Thread thread = new Thread(body, "scripted-master-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        int id = connections.incrementAndGet();
        WireChannel channel = new WireChannel(socket);
        channel.timeout(Duration.ZERO);
        open.add(channel);
        daemon("connection-" + id, () -> serve(channel, id));
      } catch (IOException e) {
        LOGGER.atDebug().setCause(e).log("no more connections");
      }
    }
  }

  private void serve(WireChannel channel, int id) {
    try (channel) {
      if (login(channel, id)) {
        commands(channel);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOGGER.atDebug().addKeyValue("connection", id).setCause(e).log("connection ended");
    } finally {
      open.remove(channel);
    }
  }

  private boolean login(WireChannel channel, int id) {
    byte[] nonce = new byte[20];
    for (int i = 0; i < nonce.length; i++) {
      nonce[i] = (byte) ('a' + (i + id) % 26);
    }
    channel.write(0, greeting(id, nonce));
    WirePacket response = channel.read();
    users.add(response.reader().skip(32).nulText());
    WireReader first = response.reader();
    long capabilities = first.u4();
    if ((capabilities & CAPABILITIES & 1L << 15) == 0) {
      channel.write(2, Answer.errorPayload(1043, "08S01", "Bad handshake"));
      return false;
    }
    // The login's answer is the third packet, so it cannot go out as a command's answer would.
    loginAnswer.send(channel, 2);
    return loginAnswer.isOk();
  }

  private byte[] greeting(int id, byte[] nonce) {
    return new WireWriter()
        .u1(10)
        .nulText(answers.variable("greeting_version"))
        .u4(id)
        .bytes(java.util.Arrays.copyOf(nonce, 8))
        .u1(0)
        .u2((int) (CAPABILITIES & 0xFFFF))
        .u1(33)
        .u2(2)
        .u2((int) (CAPABILITIES >>> 16))
        .u1(21)
        .zeros(10)
        .bytes(java.util.Arrays.copyOfRange(nonce, 8, 20))
        .u1(0)
        .nulText(WireAuth.NATIVE)
        .toBytes();
  }

  private void commands(WireChannel channel) throws Exception {
    Map<String, String> session = MasterAnswers.newSession();
    boolean going = true;
    while (going) {
      WirePacket packet = channel.read();
      WireReader reader = packet.reader();
      int command = reader.u1();
      switch (command) {
        case COM_QUIT -> going = false;
        case COM_QUERY -> {
          String sql = reader.restText();
          queries.add(sql);
          going = answers.answer(sql, session).send(channel);
        }
        case COM_PING -> Answer.ok().send(channel);
        case COM_REGISTER_SLAVE -> {
          registrations.add(reader.u4());
          Answer.ok().send(channel);
        }
        case COM_BINLOG_DUMP -> {
          long position = reader.u4();
          int flags = reader.u2();
          long serverId = reader.u4();
          dump(
              channel,
              new DumpRequest(reader.restText(), position, flags, serverId, Map.copyOf(session)));
          going = false;
        }
        default -> Answer.error(1047, "08S01", "Unknown command").send(channel);
      }
    }
  }

  private void dump(WireChannel channel, DumpRequest request) throws Exception {
    dumps.add(request);
    Script.DumpStream stream = new Script.DumpStream(channel, request);
    scripts.apply(request).run(stream);
    while (!channel.isClosed()) {
      Script more = pushed.poll(20, TimeUnit.MILLISECONDS);
      if (more != null) {
        more.run(stream);
      }
    }
  }

  /** What the master is and how it answers. */
  public static final class Builder {
    private final MasterAnswers answers = new MasterAnswers();
    private Function<DumpRequest, Script> scripts = request -> Script.empty();
    private Answer loginAnswer = Answer.ok();
    private int port;

    private Builder() {
      version(BinlogEvents.MARIADB_10_11);
      serverId(1);
      variable("binlog_checksum", "CRC32");
      variable("gtid_domain_id", "0");
      variable("gtid_binlog_pos", "");
      variable("gtid_binlog_state", "");
      variable("gtid_current_pos", "");
      variable("log_bin", "1");
      variable("max_allowed_packet", "1073741824");
    }

    public Builder port(int value) {
      this.port = value;
      return this;
    }

    public Builder serverId(long value) {
      return variable("server_id", Long.toString(value));
    }

    /** The server's version; the greeting of a 10.x has the {@code 5.5.5-} prefix. */
    public Builder version(String value) {
      answers.variable("greeting_version", value.startsWith("10.") ? "5.5.5-" + value : value);
      return variable("version", value);
    }

    /** A system variable, for SHOW VARIABLES LIKE and SELECT @@. */
    public Builder variable(String name, String value) {
      answers.variable(name, value);
      return this;
    }

    /** The answer to one query; compared without case and repeated white space. */
    public Builder answer(String sql, Answer answer) {
      answers.give(sql, answer);
      return this;
    }

    /** What logins get instead of OK. */
    public Builder loginAnswer(Answer answer) {
      this.loginAnswer = answer;
      return this;
    }

    /** Chooses the script by the request. */
    public Builder onDump(Function<DumpRequest, Script> chooser) {
      this.scripts = chooser;
      return this;
    }

    /** One script per dump, in this order; the last one also serves all later dumps. */
    public Builder serve(Script... inOrder) {
      AtomicInteger next = new AtomicInteger();
      return onDump(request -> inOrder[Math.min(next.getAndIncrement(), inOrder.length - 1)]);
    }

    /** Like a real master with these files: starts at the requested file and position. */
    public Builder serveFiles(BinlogEvents... files) {
      return onDump(
          request -> {
            Script script = Script.empty();
            boolean found = false;
            for (BinlogEvents file : files) {
              if (!found && (request.file().isEmpty() || file.file().equals(request.file()))) {
                found = true;
                script.then(Script.file(file.file(), file.fileBytes(), request.position()));
              } else if (found) {
                script.then(Script.file(file.file(), file.fileBytes(), 4));
              }
            }
            return found
                ? script
                : Script.empty()
                    .error(
                        1236,
                        "HY000",
                        "Could not find first log file name in binary log index file")
                    .close();
          });
    }

    public ScriptedMaster start() {
      return new ScriptedMaster(this);
    }
  }
}
