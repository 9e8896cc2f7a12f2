package io.sluice.binlog.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.binlog.event.Samples;
import io.sluice.binlog.event.SyntheticLog;
import io.sluice.binlog.form.KeyRing;
import io.sluice.binlog.store.StoreRepair;
import io.sluice.binlog.store.StoreTester;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code verify} finds, and that it finds nothing where nothing is. */
class VerifyTest {
  @TempDir Path directory;

  private static List<String> sampleLogs() {
    List<String> logs = new ArrayList<>();
    for (String version : List.of("mariadb-10.11", "mariadb-11.8", "mysql-5.6", "mysql-9.7")) {
      Samples.logs(version).forEach(log -> logs.add(version + "/" + log));
    }
    return logs;
  }

  @ParameterizedTest
  @MethodSource("sampleLogs")
  void shouldFindNothingWrongWithRealLogsAndGiveTheirBytes(String log) throws Exception {
    List<String> names = new ArrayList<>();
    List<byte[]> files = new ArrayList<>();
    for (String file : Samples.filesOf(log)) {
      names.add("1/" + file.substring(file.indexOf('/') + 1));
      files.add(Samples.bytes(file));
    }
    TestStore store = TestStore.of(directory, names, files);
    Tool verify = store.run("verify");
    assertThat(verify.exit()).as(verify.toString()).isZero();
    assertThat(verify.text()).as(verify.toString()).endsWith("0 findings\n");
    for (String name : names) {
      Tool cat = store.run("cat", name);
      assertThat(cat.exit()).as(cat.errors()).isZero();
      byte[] cleared = store.bytes(name);
      cleared[21] &= (byte) 0xfe;
      assertThat(cat.bytes()).isEqualTo(cleared);
      assertThat(store.run("dump", "--verbose", name).exit()).isZero();
    }
  }

  private void assertFinds(TestStore store, String... parts) {
    Tool verify = store.run("verify");
    assertThat(verify.exit()).as(verify.toString()).isEqualTo(1);
    assertThat(verify.text()).contains(parts);
    Tool json = store.run("verify", "--json");
    assertThat(json.exit()).isEqualTo(1);
  }

  @Test
  void shouldFindAFlippedBitInAnyEvent() throws Exception {
    TestStore store = TestStore.synthetic(directory, 4);
    store.flip("1/bin.000002", 40_000);
    assertFinds(store, "1/bin.000002: damaged: at ", "event checksum is wrong", "1 findings");
  }

  @Test
  void shouldFindAFlippedBitInTheNewestFile() throws Exception {
    TestStore store = TestStore.synthetic(directory, 2);
    store.flip("1/bin.000002", 1000);
    assertFinds(store, "1/bin.000002: damaged: at ", "event checksum is wrong");
  }

  @Test
  void shouldFindBytesThatWereExchangedTogetherWithTheirChecksums() throws Exception {
    TestStore store = TestStore.synthetic(directory, 4);
    byte[] wanted = store.bytes("1/bin.000002");
    SyntheticLog other = new SyntheticLog();
    other.startFile().transaction(1000).transaction(70_000);
    other.startFile().transaction(1999).transaction(70_001);
    byte[] made = other.rotate("bin.000003").bytes();
    assertThat(made).hasSameSizeAs(wanted).isNotEqualTo(wanted);
    Files.write(store.file("1/bin.000002"), made);
    assertFinds(store, "1/bin.000002: has SHA-256 ", "by its sidecar", "1 findings");

    // Sluice makes the sidecar again, and then the chain tells.
    Files.delete(store.sidecar("1/bin.000002"));
    StoreRepair.repair(directory, null, KeyRing.none());
    assertFinds(store, "1/bin.000003: is not linked to 1/bin.000002 as it is: the chain is broken");
  }

  @Test
  void shouldFindAMissingFile() throws Exception {
    TestStore store = TestStore.synthetic(directory, 4);
    Files.delete(store.file("1/bin.000002"));
    assertFinds(
        store,
        "1/bin.000003: follows 1/bin.000001: the files between them are missing",
        "the chain is broken");
  }

  @Test
  void shouldFindFilesThatChangedPlaces() throws Exception {
    TestStore store = TestStore.synthetic(directory, 4);
    for (Path[] pair :
        new Path[][] {
          {store.file("1/bin.000001"), store.file("1/bin.000002")},
          {store.sidecar("1/bin.000001"), store.sidecar("1/bin.000002")}
        }) {
      Path aside = directory.resolve("aside");
      Files.move(pair[0], aside);
      Files.move(pair[1], pair[0]);
      Files.move(aside, pair[1]);
    }
    assertFinds(
        store,
        "1/bin.000001: has a link that is not of its name, size and SHA-256",
        "1/bin.000002: begins with  (expected: 0-101-4",
        "1/bin.000003: begins with 0-101-4 (expected: 0-101-2");
  }

  @Test
  void shouldFindWhatIsWrongWithSidecars() throws Exception {
    TestStore store = TestStore.synthetic(directory, 5);
    Files.delete(store.sidecar("1/bin.000001"));
    byte[] damaged = Files.readAllBytes(store.sidecar("1/bin.000002"));
    damaged[20] ^= 1;
    Files.write(store.sidecar("1/bin.000002"), damaged);
    Files.copy(
        store.sidecar("1/bin.000004"),
        store.sidecar("1/bin.000003"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertFinds(
        store,
        "1/bin.000001: has no sidecar",
        "1/bin.000002: has a sidecar that is damaged or of another version",
        "1/bin.000003: has ",
        "by its sidecar");
  }

  @Test
  void shouldFindAFileThatLostItsEnd() throws Exception {
    TestStore store = TestStore.synthetic(directory, 3);
    byte[] bytes = store.bytes("1/bin.000001");
    // At the end of a transaction: nothing in the file itself tells.
    SyntheticLog begun = new SyntheticLog().startFile().transaction(1000);
    Files.write(store.file("1/bin.000001"), Arrays.copyOf(bytes, begun.size()));
    assertFinds(
        store,
        "1/bin.000001: has " + begun.size() + " bytes (expected: " + bytes.length,
        "1/bin.000002: begins with 0-101-2 (expected: 0-101-1, the end of 1/bin.000001)");
  }

  @Test
  void shouldFindForeignBytes() throws Exception {
    TestStore store = TestStore.synthetic(directory, 3);
    store.flip("1/bin.000001", 0);
    assertFinds(store, "1/bin.000001: does not begin with fe 62 69 6e");
  }

  @Test
  void shouldOnlyMentionWhatACrashLeftAtTheEnd() throws Exception {
    TestStore store = TestStore.synthetic(directory, 2);
    byte[] whole = store.bytes("1/bin.000002");
    for (byte[] torn :
        new byte[][] {
          Arrays.copyOf(whole, whole.length - 3), Arrays.copyOf(whole, whole.length + 5000)
        }) {
      Files.write(store.file("1/bin.000002"), torn);
      Tool verify = store.run("verify");
      assertThat(verify.exit()).as(verify.toString()).isZero();
      assertThat(verify.text()).contains("1/bin.000002: note: ", "recovery cuts them off");
    }
    Files.write(store.file("1/bin.000003"), new byte[] {(byte) 0xfe, 'b'});
    Tool verify = store.run("verify");
    assertThat(verify.text()).contains("1/bin.000003: note: has no complete head yet");
  }

  @Test
  void shouldFindEpochsThatDoNotJoin() throws Exception {
    SyntheticLog first = new SyntheticLog();
    byte[] old = first.startFile().transaction(10).transaction(10).bytes();
    SyntheticLog second = new SyntheticLog().startFile().transaction(10).transaction(10);
    byte[] joined = second.transaction(10).bytes();
    SyntheticLog third = new SyntheticLog();
    third.startFile().transaction(10).transaction(10).transaction(10);
    byte[] late = third.startFile().transaction(10).bytes();
    List<String> names = List.of("1/old.000009", "2/new.000001");
    TestStore good = TestStore.of(directory.resolve("good"), names, List.of(old, joined));
    assertThat(good.run("verify").exit()).isZero();
    TestStore bad = TestStore.of(directory.resolve("bad"), names, List.of(old, late));
    assertFinds(
        bad, "2/new.000001: begins an epoch with 0-101-3 (expected: nothing behind 0-101-2");
  }

  @Test
  void shouldCheckOnlyTheFilesThatAreNamed() throws Exception {
    TestStore store = TestStore.synthetic(directory, 4);
    store.flip("1/bin.000002", 40_000);
    assertThat(store.run("verify", "bin.000001", "bin.000003").exit()).isZero();
    assertThat(store.run("verify", "bin.000001", "bin.000002").exit()).isEqualTo(1);
    assertThat(store.run("verify", "bin.000009").exit()).isEqualTo(2);
  }

  @Test
  void shouldTellAProgramWhatItFound() throws Exception {
    TestStore store = TestStore.synthetic(directory, 3);
    Files.delete(store.sidecar("1/bin.000002"));
    JsonNode document = new ObjectMapper().readTree(store.run("verify", "--json").bytes());
    assertThat(document.get("files").asInt()).isEqualTo(3);
    assertThat(document.get("findings").get(0).get("subject").asText()).isEqualTo("1/bin.000002");
    assertThat(document.get("findings").get(0).get("wrong").asBoolean()).isTrue();
  }

  @Test
  void shouldBeCleanWhileTheStoreIsOpenAndGrows() throws Exception {
    SyntheticLog log = new SyntheticLog();
    try (StoreTester tester = new StoreTester(directory)) {
      tester.resume();
      for (int i = 1; i <= 8; i++) {
        byte[] bytes = log.startFile().transaction(50_000).transaction(50_000).bytes();
        tester.file("bin.00000" + i, bytes);
        tester.awaitVisible("bin.00000" + i, bytes.length);
        Tool verify = Tool.run(directory, "verify");
        assertThat(verify.exit()).as(verify.toString()).isZero();
      }
    }
  }

  @Test
  void shouldNotRunWithoutAStore() throws IOException {
    assertThat(Tool.run(directory.resolve("nowhere"), "verify").exit()).isEqualTo(2);
    assertThat(Tool.run(List.of("verify")).exit()).isEqualTo(2);
    Path file = Files.writeString(directory.resolve("file"), "x");
    assertThat(Tool.run(file, "ls").exit()).isEqualTo(2);
  }
}
