package io.sluice.binlog;

import io.sluice.api.config.Settings;
import io.sluice.binlog.store.SyncPolicy;
import io.sluice.mysql.MySqlProtocolFactory;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;

/**
 * A relay in a process of its own, whose data is on a file system that only this process sees. Does
 * what it is told, a line each: see {@link #answer}.
 */
public final class SmallDiskRelay {
  private static final int IN_USE = 21;

  private final Path data;
  private final Path ballast;
  private final String host;
  private final int masterPort;
  private final int port;
  private RelayHarness relay;

  private SmallDiskRelay(Path directory, String host, int masterPort, int port) {
    this.data = directory.resolve("data");
    this.ballast = directory.resolve("ballast");
    this.host = host;
    this.masterPort = masterPort;
    this.port = port;
    this.relay = start();
  }

  private RelayHarness start() {
    return RelayHarness.start(
        data,
        host,
        masterPort,
        port,
        RelayHarness.options().with(BinlogSettings.SYNC, SyncPolicy.TRANSACTION),
        Settings.defaults(new MySqlProtocolFactory().settings()));
  }

  private String answer(String command, String argument) throws Exception {
    return switch (command) {
      case "fill" -> fill(Long.parseLong(argument));
      case "free" -> String.valueOf(Files.deleteIfExists(ballast));
      case "stop" -> {
        relay.close();
        yield "stopped";
      }
      case "start" -> {
        relay = start();
        yield "started";
      }
      case "state" -> {
        Map<String, Object> store = relay.storeDetails();
        yield store.get("intake")
            + "\t"
            + relay.link().get("gtid")
            + "\t"
            + store.get("intake_alarm")
            + "\t"
            + relay.link().get("last_error")
            + "\t"
            + relay.link().get("state");
      }
      case "sha" -> sha(argument);
      default -> "unknown";
    };
  }

  /** Leaves no more than so many bytes. */
  private String fill(long left) throws Exception {
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(ballast)) {
      while (ballast.toFile().getUsableSpace() > left) {
        out.write(block);
      }
    }
    return String.valueOf(ballast.toFile().getUsableSpace());
  }

  private String sha(String file) throws Exception {
    byte[] bytes = Files.readAllBytes(relay.storedFile(data, file));
    bytes[IN_USE] &= (byte) 0xfe;
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  /** Directory, host and port of the master, port of the relay. */
  public static void main(String[] arguments) throws Exception {
    // Whatever logs to standard output must not be taken for an answer.
    PrintStream out = System.out;
    System.setOut(System.err);
    Path directory = Path.of(arguments[0]);
    Files.createDirectories(directory.resolve("data"));
    SmallDiskRelay disk =
        new SmallDiskRelay(
            directory,
            arguments[1],
            Integer.parseInt(arguments[2]),
            Integer.parseInt(arguments[3]));
    out.println("ready");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", 2);
      out.println(disk.answer(words[0], words.length > 1 ? words[1] : ""));
      out.flush();
    }
    disk.relay.close();
    System.exit(0);
  }
}
