package io.sluice.binlog.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.sluice.binlog.event.EventHeader;
import io.sluice.binlog.event.Mutation;
import io.sluice.binlog.event.Samples;
import io.sluice.testkit.memory.Allocations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Walks over files that were changed, and over any bytes: they end after bounded work, with a
 * result or the exception that says why. A store whose newest file is such a one shows a beginning
 * of it, or says that it cannot be opened.
 */
class ScanFuzzTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Provide
  Arbitrary<String> samples() {
    return Mutation.samples();
  }

  @Provide
  Arbitrary<List<Mutation>> mutations() {
    return Mutation.some();
  }

  /** Reads of bytes; more of them than a walk can need are an endless loop. */
  private record CountedSource(byte[] bytes, AtomicInteger reads) implements FileScanner.Source {
    CountedSource(byte[] bytes) {
      this(bytes, new AtomicInteger());
    }

    @Override
    public int read(long at, ByteBuffer target) {
      assertThat(reads.incrementAndGet()).isLessThan(100 + bytes.length);
      int count = (int) Math.max(0, Math.min(target.remaining(), bytes.length - at));
      if (count > 0) {
        target.put(bytes, (int) at, count);
      }
      return count;
    }
  }

  private static byte[] changed(String sample, List<Mutation> mutations) {
    return Mutation.file(Mutation.apply(Mutation.events(Samples.bytes(sample)), mutations));
  }

  private static void walk(byte[] file) {
    for (boolean verify : new boolean[] {true, false}) {
      try {
        FileScanner scan = new FileScanner(new CountedSource(file), 4, file.length, verify);
        scan.checksums(true);
        int events = 0;
        long position = 4;
        while (scan.next()) {
          assertThat(scan.position()).isEqualTo(position);
          assertThat(scan.nextPosition()).isGreaterThanOrEqualTo(position + EventHeader.SIZE);
          position = scan.nextPosition();
          events++;
        }
        assertThat(position).isLessThanOrEqualTo(Math.max(4, file.length));
        assertThat(events).isLessThanOrEqualTo(file.length / EventHeader.SIZE);
        assertThat(scan.stopReason().isEmpty()).isEqualTo(position >= file.length);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void index(byte[] file) {
    try {
      Sidecar sidecar = new FileIndexer(new CountedSource(file), file.length, () -> false).run();
      assertThat(sidecar.size()).isEqualTo(file.length);
      assertThat(Sidecar.decode(sidecar.encode())).isNotNull();
    } catch (IOException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }

  @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE)
  void shouldWalkOverChangedFiles(
      @ForAll @From("samples") String sample, @ForAll @From("mutations") List<Mutation> mutations) {
    byte[] file = changed(sample, mutations);
    assertTimeoutPreemptively(LIMIT, () -> Allocations.assertBounded(() -> walk(file)));
    assertTimeoutPreemptively(LIMIT, () -> Allocations.assertBounded(() -> index(file)));
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void shouldWalkOverAnyBytes(@ForAll byte[] bytes) {
    assertTimeoutPreemptively(LIMIT, () -> Allocations.assertBounded(() -> walk(bytes)));
    assertTimeoutPreemptively(LIMIT, () -> Allocations.assertBounded(() -> index(bytes)));
  }

  @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE)
  void shouldReadOrForgetAnySidecar(
      @ForAll @From("samples") String sample, @ForAll byte[] change, @ForAll int at)
      throws IOException {
    byte[] file = Samples.cleared(sample);
    byte[] good = new FileIndexer(new CountedSource(file), file.length, () -> false).run().encode();
    byte[] bad = good.clone();
    int from = Math.floorMod(at, good.length);
    System.arraycopy(change, 0, bad, from, Math.min(change.length, good.length - from));
    Allocations.assertBounded(
        () -> {
          Sidecar read = Sidecar.decode(bad);
          assertThat(read != null).isEqualTo(Arrays.equals(bad, good));
          assertThat(Sidecar.decode(change)).isNull();
        });
  }

  @Property(tries = 120, edgeCases = EdgeCasesMode.NONE)
  void shouldOpenAStoreWithAChangedFileOrSayWhyNot(
      @ForAll @From("samples") String sample, @ForAll @From("mutations") List<Mutation> mutations)
      throws IOException {
    byte[] file = changed(sample, mutations);
    file[BinlogFileFormat.IN_USE_OFFSET < file.length ? BinlogFileFormat.IN_USE_OFFSET : 0] &= ~1;
    String name = sample.substring(sample.indexOf('/') + 1);
    Path directory = Files.createTempDirectory("fuzz");
    try {
      Files.createDirectories(directory.resolve("0001"));
      Files.write(directory.resolve("0001").resolve(name), file);
      assertTimeoutPreemptively(LIMIT, () -> open(directory, name, file));
    } finally {
      try (Stream<Path> all = Files.walk(directory)) {
        all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
      }
    }
  }

  private static void open(Path directory, String name, byte[] file) throws IOException {
    try (StoreTester tester = new StoreTester(directory)) {
      Watermark end = tester.store.watermark();
      if (!end.isEmpty()) {
        byte[] stored = StoreTester.read(directory, name);
        stored[BinlogFileFormat.IN_USE_OFFSET] &= ~1;
        assertThat(stored).isEqualTo(Arrays.copyOf(file, (int) end.offset()));
        assertThat(StoreTester.get(tester.store.gtidAt(name, end.offset()))).isPresent();
      }
    } catch (IOException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }
}
