package io.sluice.binlog.store;

import static io.sluice.binlog.store.StoreTester.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.event.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each real log of each version through the walk, the index, the intake, and back out again. */
class SampleLogsTest {
  @TempDir Path directory;

  static List<String> files() {
    List<String> all = new ArrayList<>(Samples.files());
    all.addAll(Samples.mySqlFiles());
    return all;
  }

  /** Logs as a master sends them: not those that were cut by hand. */
  static Stream<String> logs() {
    return Stream.concat(Samples.versions().stream(), Samples.mySqlVersions().stream())
        .flatMap(version -> Samples.logs(version).stream())
        .filter(log -> !log.contains("torn"));
  }

  static Stream<String> torn() {
    return files().stream().filter(file -> file.contains("torn"));
  }

  private static String name(String file) {
    return file.substring(file.indexOf('/') + 1);
  }

  private static FileScanner.Source source(byte[] bytes) {
    return (at, target) -> {
      int count = (int) Math.max(0, Math.min(target.remaining(), bytes.length - at));
      target.put(bytes, (int) at, count);
      return count;
    };
  }

  private static boolean hasChecksums(byte[] bytes) {
    ByteBuf buf = Unpooled.wrappedBuffer(bytes);
    return FormatDescription.decode(buf, 4, buf.getIntLE(13)).hasChecksums();
  }

  @ParameterizedTest
  @MethodSource("files")
  void shouldWalkFromEventToEvent(String file) throws Exception {
    byte[] bytes = Samples.bytes(file);
    List<Long> listed = new ArrayList<>();
    for (Samples.Line line : Samples.listing(file)) {
      if (line.position() + line.size() <= bytes.length) {
        listed.add(line.position());
      }
    }
    FileScanner scan = new FileScanner(source(bytes), 4, bytes.length, true);
    scan.checksums(hasChecksums(bytes));
    List<Long> walked = new ArrayList<>();
    while (scan.next()) {
      walked.add(scan.position());
    }
    assertThat(walked).isEqualTo(listed);
    boolean cut = file.contains("torn-event") || file.contains("torn-header");
    assertThat(scan.stopReason().isEmpty()).isEqualTo(!cut);
  }

  @ParameterizedTest
  @MethodSource("logs")
  void shouldStoreByteForByteAndMakeTheSidecarsAgain(String log) throws Exception {
    List<String> files = Samples.filesOf(log);
    Random random = new Random(log.hashCode());
    String last = name(files.get(files.size() - 1));
    List<byte[]> sidecars = new ArrayList<>();
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      for (String file : files) {
        byte[] bytes = Samples.cleared(file);
        tester.store.writer().startFile(name(file));
        tester.drip(bytes, 4, bytes.length, random, 20_000);
      }
      tester.awaitVisible(last, Samples.cleared(files.get(files.size() - 1)).length);
      assertThat(tester.failures).isEmpty();
      assertReadsEqual(tester, files);
      for (String file : files.subList(0, files.size() - 1)) {
        sidecars.add(sidecar(name(file)));
      }
    }
    for (String file : files.subList(0, files.size() - 1)) {
      Files.delete(Sidecar.path(path(name(file))));
    }
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.recovery().droppedAnything()).isFalse();
      assertThat(tester.store.recovery().problems()).isEmpty();
      assertReadsEqual(tester, files);
      for (int i = 0; i < files.size() - 1; i++) {
        assertThat(sidecar(name(files.get(i)))).isEqualTo(sidecars.get(i));
      }
    }
  }

  private Path path(String name) {
    return directory.resolve("0001").resolve(name);
  }

  /** The sidecar as it is when it is linked to the one before. */
  private byte[] sidecar(String name) throws IOException {
    Path path = Sidecar.path(path(name));
    StoreTester.await(() -> isLinked(path));
    return Files.readAllBytes(path);
  }

  private static boolean isLinked(Path path) {
    try {
      Sidecar found = Files.exists(path) ? Sidecar.decode(Files.readAllBytes(path)) : null;
      return found != null && found.chain() != null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void assertReadsEqual(StoreTester tester, List<String> files) throws Exception {
    for (String file : files) {
      byte[] bytes = Samples.cleared(file);
      ByteBuffer read = ByteBuffer.allocate(bytes.length);
      BinlogFileId id = new BinlogFileId(1, name(file));
      assertThat(tester.store.read(id, 0, read)).isEqualTo(bytes.length);
      assertThat(read.array()).as(file).isEqualTo(bytes);
      assertThat(get(tester.store.gtidAt(name(file), bytes.length))).isPresent();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void shouldSumUpWholeFilesAndRefuseTheOthers(String file) throws Exception {
    byte[] bytes = Samples.cleared(file);
    FileIndexer indexer = new FileIndexer(source(bytes), bytes.length, () -> false);
    if (file.contains("torn-event") || file.contains("torn-header")) {
      assertThatThrownBy(indexer::run).isInstanceOf(IOException.class);
      return;
    }
    Sidecar sidecar = indexer.run();
    assertThat(sidecar.sha256())
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    assertThat(sidecar.size()).isEqualTo(bytes.length);
  }

  @ParameterizedTest
  @MethodSource("torn")
  void shouldKeepTheWholeTransactionsOfATornFile(String file) throws Exception {
    byte[] bytes = Samples.cleared(file);
    Files.createDirectories(directory.resolve("0001"));
    Files.write(path(name(file)), bytes);
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.recovery().droppedAnything()).isTrue();
      int end = (int) tester.store.watermark().offset();
      assertThat(end).isBetween(100, bytes.length - 1);
      assertThat(StoreTester.read(directory, name(file))).isEqualTo(Arrays.copyOf(bytes, end));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mariadb-10.11", "mariadb-11.8", "mysql-9.7"})
  void shouldNotWalkOverWhatAServerEncrypted(String version) throws Exception {
    for (String number : List.of("000001", "000002")) {
      byte[] bytes = Samples.bytes("encrypted/" + version + "." + number);
      FileScanner scan = new FileScanner(source(bytes), 4, bytes.length, true);
      scan.checksums(true);
      int events = 0;
      while (scan.next()) {
        events++;
      }
      // MariaDB's FORMAT_DESCRIPTION and START_ENCRYPTION are clear, of MySQL's file nothing.
      assertThat(events).isEqualTo(version.startsWith("mysql") ? 0 : 2);
      assertThat(scan.stopReason()).isNotEmpty();
    }
  }
}
