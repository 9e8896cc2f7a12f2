package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.Replication;
import io.sluice.testkit.server.SqlClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder of one relay of a Sluice process, the master it copies, and who reads from it. */
final class RelayStore {
  private static final Logger LOGGER = LoggerFactory.getLogger(RelayStore.class);

  private static final int IN_USE_BYTE = 21;
  private static final int KEPT = 6;

  private final SluiceProcess sluice;
  private final String service;
  private final DatabaseServer master;
  private final SqlClient sql;
  private final List<DatabaseServer> replicas = new ArrayList<>();

  /** Sizes of the files that were compared with the master's, and were whole. */
  private final Map<String, Long> compared = new HashMap<>();

  private final Set<String> forms = new TreeSet<>();

  RelayStore(SluiceProcess sluice, String service, DatabaseServer master, SqlClient sql) {
    this.sluice = sluice;
    this.service = service;
    this.master = master;
    this.sql = sql;
  }

  /** The newest file and its size. */
  record End(String file, long size) {
    boolean isBehind(End other) {
      int order = file.compareTo(other.file);
      return order > 0 || (order == 0 && size > other.size);
    }
  }

  /** Its replica, whose needs limit what is purged. */
  void add(DatabaseServer replica) {
    replicas.add(replica);
  }

  /** Tells whether that is a file of the log, in whatever form. */
  static boolean isBinlog(String name) {
    return name.matches(".*\\.[0-9]{6}(\\.zst|\\.enc|\\.archived)?");
  }

  /** The master's name of a file in whatever form. */
  static String plainName(String name) {
    return name.replaceAll("\\.(zst|enc|archived)$", "");
  }

  /** The folder of the files. */
  Path newestEpoch() {
    return sluice.data().resolve("services").resolve(service).resolve("binlog").resolve("0001");
  }

  /** All names in the folder, in order. */
  List<String> names() {
    try (Stream<Path> files = Files.list(newestEpoch())) {
      return files.map(p -> p.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> binlogs() {
    return names().stream().filter(RelayStore::isBinlog).toList();
  }

  End end() {
    List<String> all = binlogs();
    if (all.isEmpty()) {
      return new End("", 0);
    }
    String last = all.get(all.size() - 1);
    return new End(plainName(last), newestEpoch().resolve(last).toFile().length());
  }

  /** Up to where may be purged so that no replica misses anything; null if there is nothing. */
  @Nullable String purgeLimit() {
    List<String> files = binlogs().stream().map(RelayStore::plainName).distinct().toList();
    int limit = files.size() - 1;
    for (DatabaseServer replica : replicas) {
      String reads = Replication.status(replica).get("Relay_Master_Log_File");
      limit = Math.min(limit, files.indexOf(String.valueOf(reads)));
    }
    return limit - KEPT < 1 ? null : files.get(limit - KEPT);
  }

  /** Purges what is not needed. */
  void purgeOld() {
    String limit = purgeLimit();
    if (limit != null) {
      sql.execute("PURGE BINARY LOGS TO '" + limit + "'");
    }
  }

  /** Waits until that file has begun here. */
  void awaitFile(String file) {
    Await.until(
        file + " in " + service,
        Duration.ofSeconds(60),
        () -> end().file().equals(file),
        sluice::output);
  }

  /** Orders a purge of a relay that may die meanwhile. */
  void tryPurge(String limit) {
    try {
      sql.execute("PURGE BINARY LOGS TO '" + limit + "'");
    } catch (RuntimeException | AssertionError e) {
      LOGGER.atInfo().addKeyValue("reason", e.getMessage()).log("purge did not come to its end");
    }
  }

  /**
   * What is there while the process is down: each plain file equals the master's, the newest is a
   * beginning of it. The in-use flag may differ.
   */
  void assertBeginningOfMaster() {
    List<String> all = binlogs();
    for (String name : all) {
      forms.add(name.substring(plainName(name).length()));
      if (!name.equals(plainName(name)) || !Files.exists(newestEpoch().resolve(name))) {
        continue;
      }
      boolean newest = name.equals(all.get(all.size() - 1));
      long size = newestEpoch().resolve(name).toFile().length();
      if (!newest && compared.getOrDefault(name, -1L) == size) {
        continue;
      }
      byte[] stored = bytes(newestEpoch().resolve(name));
      byte[] original = bytes(master.binlogPath(name));
      assertThat(stored.length).as("size of " + name).isLessThanOrEqualTo(original.length);
      if (!newest) {
        assertThat(stored.length).as("size of " + name).isEqualTo(original.length);
        compared.put(name, size);
      }
      int different = Arrays.mismatch(stored, Arrays.copyOf(original, stored.length));
      assertThat(different).as("first different byte of " + service + "/" + name).isEqualTo(-1);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      if (bytes.length > IN_USE_BYTE) {
        bytes[IN_USE_BYTE] &= ~1;
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * All that the master has closed and the relay has not purged is here and has the SHA-256 that
   * the master's file has; returns how many files were compared.
   */
  int assertClosedFilesEqual() {
    List<String> stored = binlogs().stream().map(RelayStore::plainName).distinct().toList();
    List<String> wanted =
        master.closedBinlogFiles().stream()
            .filter(file -> file.compareTo(stored.get(0)) >= 0)
            .toList();
    assertThat(stored).as("files of " + service).containsAll(wanted);
    try {
      assertToolReads(wanted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return wanted.size();
  }

  /** The tool that reads all forms gives for each file what the master has. */
  private void assertToolReads(List<String> files) throws IOException {
    List<String> cat = new ArrayList<>(List.of("cat", "--bare"));
    cat.addAll(files);
    Process process =
        new ProcessBuilder(sluice.binlogTool(service, cat))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (InputStream out = process.getInputStream()) {
      for (String file : files) {
        byte[] original = bytes(master.binlogPath(file));
        assertThat(sha256(out.readNBytes(original.length)))
            .as(service + "/" + file)
            .isEqualTo(sha256(original));
      }
      assertThat(out.read()).as("end of the last file").isEqualTo(-1);
    } finally {
      process.destroy();
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The tool that checks stores finds nothing wrong. */
  void assertVerified() {
    SluiceProcess.Result result = SluiceProcess.run(sluice.binlogTool(service, List.of("verify")));
    assertThat(result.exit()).as(result.output()).isZero();
  }

  /** The forms that files had when the process was killed: what their names end with. */
  Set<String> forms() {
    return forms;
  }

  @Override
  public String toString() {
    return service;
  }
}
