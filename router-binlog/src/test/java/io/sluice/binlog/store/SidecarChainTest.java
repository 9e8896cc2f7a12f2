package io.sluice.binlog.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.event.SyntheticLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The links between the sidecars of closed files: made again equal, whichever were lost. */
class SidecarChainTest {
  private static final int CLOSED = 4;

  @TempDir Path directory;
  private final List<byte[]> good = new ArrayList<>();

  private Path file(int number) {
    return directory.resolve("0001").resolve("bin.00000" + number);
  }

  private Path sidecar(int number) {
    return Sidecar.path(file(number));
  }

  private Sidecar read(int number) throws IOException {
    return Sidecar.decode(Files.readAllBytes(sidecar(number)));
  }

  private boolean linked(int number) {
    try {
      Sidecar sidecar = Files.exists(sidecar(number)) ? read(number) : null;
      return sidecar != null && sidecar.chain() != null;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void awaitAllLinked(int from) {
    for (int i = from; i <= CLOSED; i++) {
      int number = i;
      StoreTester.await(() -> linked(number));
    }
  }

  @BeforeEach
  void store() throws IOException {
    SyntheticLog log = new SyntheticLog();
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      for (int i = 1; i <= CLOSED + 1; i++) {
        byte[] bytes = log.startFile().transaction(i * 100).transaction(70_000).bytes();
        tester.file("bin.00000" + i, bytes);
        tester.awaitVisible("bin.00000" + i, bytes.length);
      }
      awaitAllLinked(1);
    }
    for (int i = 1; i <= CLOSED; i++) {
      good.add(Files.readAllBytes(sidecar(i)));
    }
  }

  @Test
  void shouldLinkByNameSizeAndHash() throws Exception {
    String before = "0".repeat(64);
    for (int i = 1; i <= CLOSED; i++) {
      byte[] bytes = Files.readAllBytes(file(i));
      MessageDigest sum = MessageDigest.getInstance("SHA-256");
      byte[] own = sum.digest(bytes);
      sum.update(HexFormat.of().parseHex(before));
      sum.update(("bin.00000" + i).getBytes(StandardCharsets.US_ASCII));
      for (int shift = 0; shift < 64; shift += 8) {
        sum.update((byte) ((long) bytes.length >>> shift));
      }
      String link = HexFormat.of().formatHex(sum.digest(own));
      assertThat(read(i).chain()).isEqualTo(new SidecarChain(before, link));
      before = link;
    }
  }

  @Test
  void shouldMakeEverySetOfLostSidecarsAgainAsTheyWere() throws Exception {
    for (int lost = 1; lost < 1 << CLOSED; lost++) {
      for (int i = 1; i <= CLOSED; i++) {
        if ((lost & 1 << (i - 1)) != 0) {
          Files.delete(sidecar(i));
        }
      }
      try (StoreTester tester = new StoreTester(directory)) {
        assertThat(tester.store.inventory().size()).isEqualTo(CLOSED + 1);
        awaitAllLinked(1);
      }
      for (int i = 1; i <= CLOSED; i++) {
        assertThat(Files.readAllBytes(sidecar(i)))
            .as("file %d, lost %s", i, Integer.toBinaryString(lost))
            .isEqualTo(good.get(i - 1));
      }
    }
  }

  @Test
  void shouldKeepTheLinksWhenOlderFilesArePurged() throws Exception {
    try (StoreTester tester = new StoreTester(directory)) {
      StoreTester.get(tester.store.purge(new PurgeRequest.To("bin.000003")));
    }
    assertThat(read(3).chain().before()).isEqualTo(decode(2).chain().value());
    Files.delete(sidecar(3));
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.inventory().size()).isEqualTo(3);
      awaitAllLinked(3);
    }
    assertThat(read(3).chain()).isEqualTo(new SidecarChain(null, decode(3).chain().value()));
    assertThat(Files.readAllBytes(sidecar(4))).isEqualTo(good.get(3));
  }

  private Sidecar decode(int number) {
    return Sidecar.decode(good.get(number - 1));
  }

  @Test
  void shouldNotHideThatAFileWasExchanged() throws Exception {
    byte[] bytes = Files.readAllBytes(file(2));
    byte[] other = Arrays.copyOf(bytes, bytes.length);
    other[bytes.length - 20_000] ^= 1;
    Files.write(file(2), other);
    Files.delete(sidecar(2));
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.inventory().size()).isEqualTo(CLOSED + 1);
      awaitAllLinked(1);
    }
    Sidecar made = read(2);
    assertThat(made.chain().fits("bin.000002", made)).isTrue();
    assertThat(made.chain().before()).isEqualTo(read(1).chain().value());
    assertThat(read(3).chain().before()).isNotEqualTo(made.chain().value());
  }

  @Test
  void shouldTellWhetherALinkIsThatOfAName() throws Exception {
    Sidecar second = read(2);
    assertThat(second.chain().fits("bin.000002", second)).isTrue();
    assertThat(second.chain().fits("bin.000003", second)).isFalse();
    assertThat(second.chain().fits("bin.000002", read(3))).isFalse();
    Sidecar unknown = second.linked(new SidecarChain(null, "f".repeat(64)));
    assertThat(unknown.chain().fits("bin.000002", unknown)).isTrue();
  }
}
