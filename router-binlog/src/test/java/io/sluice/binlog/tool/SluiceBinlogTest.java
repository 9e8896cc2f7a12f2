package io.sluice.binlog.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.binlog.event.Samples;
import io.sluice.binlog.event.SyntheticLog;
import io.sluice.binlog.form.KeyRing;
import io.sluice.binlog.store.Compression;
import io.sluice.binlog.store.EncryptionOptions;
import io.sluice.binlog.store.FileBinlogStore;
import io.sluice.binlog.store.FormOptions;
import io.sluice.binlog.store.StoreOptions;
import io.sluice.binlog.store.StoreRepair;
import io.sluice.binlog.store.StoreTester;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands but verify. */
class SluiceBinlogTest {
  private static final int HEAD = 256;

  @TempDir Path directory;

  @Test
  void shouldListFilesWithWhatIsKnownOfThem() throws Exception {
    TestStore store = TestStore.synthetic(directory, 3);
    Tool table = store.run("ls");
    assertThat(table.exit()).isZero();
    assertThat(table.lines()).hasSize(4);
    assertThat(table.lines().get(1)).contains("bin.000001", "plain", "0-101-2");
    JsonNode files = new ObjectMapper().readTree(store.run("ls", "--json").bytes());
    assertThat(files).hasSize(3);
    JsonNode second = files.get(1);
    byte[] bytes = store.bytes("1/bin.000002");
    assertThat(second.get("epoch").asInt()).isEqualTo(1);
    assertThat(second.get("file").asText()).isEqualTo("bin.000002");
    assertThat(second.get("size").asInt()).isEqualTo(bytes.length);
    assertThat(second.get("disk_bytes").asInt()).isEqualTo(bytes.length);
    assertThat(second.get("gtid_start").asText()).isEqualTo("0-101-2");
    assertThat(second.get("gtid_end").asText()).isEqualTo("0-101-4");
    assertThat(second.get("last_time").asText()).isEqualTo("2023-11-14T22:13:24Z");
    assertThat(second.get("sha256").asText())
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    assertThat(second.get("growing").asBoolean()).isFalse();
    JsonNode newest = files.get(2);
    assertThat(newest.get("growing").asBoolean()).isTrue();
    assertThat(newest.get("sha256").isNull()).isTrue();
    assertThat(newest.get("gtid_end").asText()).isEqualTo("0-101-6");
  }

  @Test
  void shouldSayWhichSidecarsAreMissing() throws Exception {
    TestStore store = TestStore.synthetic(directory, 2);
    Files.delete(store.sidecar("1/bin.000001"));
    assertThat(store.run("ls").text()).contains("(sidecar missing)");
    Files.write(store.sidecar("1/bin.000001"), new byte[100]);
    assertThat(store.run("ls").text()).contains("(sidecar unreadable)");
  }

  @Test
  void shouldGiveTheMastersBytes() throws Exception {
    TestStore store = TestStore.synthetic(directory, 3);
    byte[] first = store.bytes("1/bin.000001");
    byte[] last = store.bytes("1/bin.000003");
    assertThat(store.run("cat", "bin.000001").bytes()).isEqualTo(first);
    assertThat(store.run("cat", "1/bin.000001").bytes()).isEqualTo(first);
    assertThat(store.run("cat", "--bare", "--from", "7", "--to", "30", "bin.000001").bytes())
        .isEqualTo(Arrays.copyOfRange(first, 7, 30));

    // Half a transaction is not there for anybody.
    Files.write(store.file("1/bin.000003"), Arrays.copyOf(last, last.length - 1));
    SyntheticLog half = new SyntheticLog();
    half.startFile().transaction(9).transaction(9).transaction(9).transaction(9);
    int whole = half.startFile().transaction(3000).size();
    assertThat(store.run("cat", "bin.000003").bytes()).isEqualTo(Arrays.copyOf(last, whole));
    assertThat(store.run("cat", "--to", "" + (whole + 1), "bin.000003").exit()).isEqualTo(2);
  }

  @Test
  void shouldClearTheInUseFlag() throws Exception {
    TestStore store = TestStore.synthetic(directory, 1);
    byte[] bytes = store.bytes("1/bin.000001");
    byte[] used = bytes.clone();
    used[21] |= 1;
    Files.write(store.file("1/bin.000001"), used);
    assertThat(store.run("cat", "bin.000001").bytes()).isEqualTo(bytes);
    assertThat(store.run("cat", "--bare", "--from", "21", "bin.000001").bytes()[0]).isZero();
  }

  @Test
  void shouldGiveSeveralFilesAndPartsSoThatToolsCanReadThem() throws Exception {
    TestStore store = TestStore.synthetic(directory, 3);
    byte[] first = store.bytes("1/bin.000001");
    byte[] second = store.bytes("1/bin.000002");
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(first);
    both.write(second, 4, second.length - 4);
    assertThat(store.run("cat", "bin.000001", "bin.000002").bytes()).isEqualTo(both.toByteArray());

    SyntheticLog begun = new SyntheticLog().startFile().transaction(1000);
    int from = begun.size();
    ByteArrayOutputStream part = new ByteArrayOutputStream();
    part.write(first, 0, HEAD);
    part.write(first, from, first.length - from);
    assertThat(store.run("cat", "--from", "" + from, "bin.000001").bytes())
        .isEqualTo(part.toByteArray());
    assertThat(store.run("cat", "--from", "" + (from + 1), "bin.000001").exit()).isEqualTo(2);
    assertThat(store.run("cat", "--from", "4", "bin.000001").bytes()).isEqualTo(first);
  }

  @Test
  void shouldFindGtidsOfMariaDb() throws Exception {
    TestStore store = TestStore.synthetic(directory, 4);
    int second = new SyntheticLog().startFile().transaction(1000).size();
    Tool found = store.run("find", "0-101-2");
    assertThat(found.exit()).isZero();
    assertThat(found.text()).isEqualTo("0-101-2\t1/bin.000001:" + second + "\n");
    Tool several = store.run("find", "0-101-7,0-101-3");
    assertThat(several.exit()).isZero();
    assertThat(several.lines()).hasSize(2);
    assertThat(several.lines().get(0)).startsWith("0-101-3\t1/bin.000002:");
    assertThat(several.lines().get(1)).startsWith("0-101-7\t1/bin.000004:");

    Tool missing = store.run("find", "0-101-8,0-101-9,0-7-1");
    assertThat(missing.exit()).isEqualTo(1);
    assertThat(missing.text()).contains("0-101-8\t1/bin.000004:", "not here: 0-101-9,0-7-1");
    Files.delete(store.sidecar("1/bin.000001"));
    Files.delete(store.file("1/bin.000001"));
    Tool purged = store.run("find", "0-101-1,0-101-9");
    assertThat(purged.exit()).isEqualTo(1);
    assertThat(purged.lines()).containsExactly("purged: 0-101-1", "not here: 0-101-9");
    JsonNode document =
        new ObjectMapper().readTree(store.run("find", "--json", "0-101-1,0-101-3").bytes());
    assertThat(document.get("purged").asText()).isEqualTo("0-101-1");
    assertThat(document.get("found").get(0).get("file").asText()).isEqualTo("bin.000002");
  }

  @Test
  void shouldFindGtidsWithoutSidecarsAndOutOfOrder() throws Exception {
    SyntheticLog log = new SyntheticLog();
    byte[] first = log.startFile().gtid(0, 101, 50, 0x0c).rows(10, 1).xid().bytes();
    byte[] second = log.startFile().gtid(0, 101, 20, 0x0c).rows(10, 1).xid().bytes();
    byte[] third = log.startFile().gtid(0, 101, 60, 0x0c).rows(10, 1).xid().bytes();
    TestStore store =
        TestStore.of(
            directory,
            List.of("1/bin.000001", "1/bin.000002", "1/bin.000003"),
            List.of(first, second, third));
    assertThat(store.run("find", "0-101-20").text()).startsWith("0-101-20\t1/bin.000002:");
    Files.delete(store.sidecar("1/bin.000002"));
    assertThat(store.run("find", "0-101-20").text()).startsWith("0-101-20\t1/bin.000002:");
  }

  @Test
  void shouldFindATransactionInEachEpochThatHasIt() throws Exception {
    byte[] old = new SyntheticLog().startFile().transaction(10).bytes();
    byte[] young = new SyntheticLog().startFile().transaction(10).transaction(10).bytes();
    TestStore store =
        TestStore.of(directory, List.of("1/old.000009", "2/new.000001"), List.of(old, young));
    assertThat(store.run("find", "0-101-1").lines())
        .hasSize(2)
        .allMatch(line -> line.matches("0-101-1\t(1/old.000009|2/new.000001):[0-9]+"));
  }

  @Test
  void shouldFindGtidsOfMySqlWithTags() throws Exception {
    List<String> names = new ArrayList<>();
    List<byte[]> files = new ArrayList<>();
    for (String file : Samples.filesOf("mysql-9.7/tagged")) {
      names.add("1/" + file.substring(file.indexOf('/') + 1));
      files.add(Samples.bytes(file));
    }
    TestStore store = TestStore.of(directory, names, files);
    String executed = Samples.executed("mysql-9.7/tagged").replace("\n", "");
    Tool all = store.run("find", executed);
    assertThat(all.exit()).as(all.toString()).isZero();
    assertThat(all.lines())
        .allMatch(line -> line.matches("[0-9a-f-]{36}:.*\t1/tagged\\..*:[0-9]+"));
    assertThat(all.text()).containsPattern("[0-9a-f-]{36}:[a-z_]+[a-z0-9_]*:1\t");
    String uuid = executed.substring(0, 36);
    Tool none = store.run("find", uuid + ":nobody:1-3");
    assertThat(none.exit()).as(none.toString()).isEqualTo(1);
    assertThat(none.text()).isEqualTo("not here: " + uuid + ":nobody:1-3\n");
    assertThat(store.run("find", "0-1-1").exit()).isEqualTo(2);
    assertThat(store.run("find", "nonsense").exit()).isEqualTo(2);
  }

  @Test
  void shouldFindTheFirstTransactionSinceATime() throws Exception {
    TestStore store = TestStore.synthetic(directory, 3);
    // Transaction n is of second 1700000000 + n - 1 and 1700000000 + n.
    Tool found = store.run("find", "--time", "2023-11-14 22:13:23");
    assertThat(found.exit()).isZero();
    assertThat(found.text()).startsWith("0-101-3\t1/bin.000002:");
    assertThat(store.run("find", "--time", "2023-11-14T23:13:23+01:00").text())
        .isEqualTo(found.text());
    Tool none = store.run("find", "--time", "2024-01-01");
    assertThat(none.exit()).isEqualTo(1);
    assertThat(none.text()).contains("not here: ");
    assertThat(store.run("find", "--time", "yesterday").exit()).isEqualTo(2);
    assertThat(store.run("find").exit()).isEqualTo(2);
  }

  @Test
  void shouldListEvents() throws Exception {
    TestStore store = TestStore.synthetic(directory, 2);
    Tool dump = store.run("dump", "bin.000001");
    assertThat(dump.exit()).isZero();
    assertThat(dump.lines()).hasSize(1 + 2 + 6 + 1);
    assertThat(dump.lines().get(1)).startsWith("4 ").contains("Format_desc");
    assertThat(dump.text()).doesNotContain("GTID 0-101-1");
    Tool verbose = store.run("dump", "-v", "bin.000001");
    assertThat(verbose.text())
        .contains("BEGIN GTID 0-101-1", "COMMIT /* xid=", "bin.000002;pos=4", "Server ver: 10.11");
    int second = new SyntheticLog().startFile().transaction(1000).size();
    assertThat(store.run("dump", "--from", "" + second, "--to", "" + (second + 1), "bin.000001"))
        .satisfies(part -> assertThat(part.lines()).hasSize(2));
    store.flip("1/bin.000001", second + 5);
    Tool damaged = store.run("dump", "bin.000001");
    assertThat(damaged.exit()).isEqualTo(1);
    assertThat(damaged.errors()).contains("at " + second);
  }

  @Test
  void shouldUnpackTransactionsOfMySql() throws Exception {
    TestStore store =
        TestStore.of(
            directory,
            List.of("1/compressed.000001"),
            List.of(Samples.bytes("mysql-9.7/compressed.000001")));
    Tool verbose = store.run("dump", "--verbose", "compressed.000001");
    assertThat(verbose.exit()).isZero();
    assertThat(verbose.text()).contains("compression='ZSTD'", "  packed ", "Write_rows", "COMMIT");
    assertThat(verbose.text()).doesNotContain("cannot be");
  }

  @Test
  void shouldTellWhatARepairWouldDoAndDoIt() throws Exception {
    TestStore store = TestStore.synthetic(directory, 3);
    byte[] whole = store.bytes("1/bin.000003");
    Files.write(store.file("1/bin.000003"), Arrays.copyOf(whole, whole.length + 1000));
    Files.write(store.file("1/bin.000004"), new byte[] {(byte) 0xfe});
    Files.delete(store.sidecar("1/bin.000001"));
    Tool dry = store.run("repair", "--dry-run");
    assertThat(dry.exit()).as(dry.toString()).isZero();
    assertThat(dry.text())
        .contains("would remove ", "bin.000004, 1 bytes", "would cut ")
        .contains("1000 bytes would be cut off behind " + whole.length)
        .contains("the log ends at 1/bin.000003:" + whole.length);
    assertThat(store.bytes("1/bin.000003")).hasSize(whole.length + 1000);
    assertThat(store.file("1/bin.000004")).exists();
    assertThat(store.sidecar("1/bin.000001")).doesNotExist();

    Tool done = store.run("repair");
    assertThat(done.exit()).as(done.toString()).isZero();
    assertThat(store.bytes("1/bin.000003")).isEqualTo(whole);
    assertThat(store.file("1/bin.000004")).doesNotExist();
    assertThat(store.sidecar("1/bin.000001")).exists();
    assertThat(store.run("verify").text()).endsWith("0 findings\n");
  }

  @Test
  void shouldNotRepairWhatSluiceHas() throws Exception {
    TestStore store = TestStore.synthetic(directory, 2);
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.inventory().size()).isEqualTo(2);
      Tool repair = store.run("repair");
      assertThat(repair.exit()).isEqualTo(2);
      assertThat(repair.errors()).contains("in use");
      assertThat(store.run("repair", "--dry-run").text()).contains("note: Sluice runs");
    }
  }

  @Test
  void shouldFindTheStoreOfAService() throws Exception {
    Path data = directory.resolve("data");
    TestStore store = TestStore.synthetic(data.resolve("services/relay/binlog"), 1);
    Path config = directory.resolve("sluice.conf");
    String relay = "relay { router = binlog }";
    Files.writeString(
        config, "sluice { data-dir = \"" + data + "\", services { " + relay + ", a {} } }");
    Tool found = Tool.run(List.of("--config", config.toString(), "cat", "bin.000001"));
    assertThat(found.exit()).as(found.toString()).isZero();
    assertThat(found.bytes()).isEqualTo(store.bytes("1/bin.000001"));
    assertThat(Tool.run(List.of("--config", config.toString(), "--service", "relay", "ls")).exit())
        .isZero();
    assertThat(Tool.run(List.of("--config", config.toString(), "--service", "b", "ls")).exit())
        .isEqualTo(2);
    assertThat(
            Tool.run(List.of("--config", config.toString(), "--store", data.toString(), "ls"))
                .exit())
        .isEqualTo(2);
    Files.writeString(
        config,
        "sluice { data-dir = \""
            + data
            + "\", services { "
            + relay
            + ", b { router = binlog } } }");
    Tool two = Tool.run(List.of("--config", config.toString(), "ls"));
    assertThat(two.exit()).isEqualTo(2);
    assertThat(two.errors()).contains("--service");
  }

  @Test
  void shouldReadPackedFilesAsIfTheyWerePlain() throws Exception {
    TestStore store = TestStore.synthetic(directory, 3);
    byte[] bytes = store.bytes("1/bin.000002");
    PackedFiles.pack(store.file("1/bin.000002"));
    assertThat(store.file("1/bin.000002")).doesNotExist();
    assertThat(store.run("ls").lines().get(2)).contains(" zst ");
    assertThat(store.run("cat", "bin.000002").bytes()).isEqualTo(bytes);
    assertThat(store.run("find", "0-101-4").text()).startsWith("0-101-4\t1/bin.000002:");
    Tool verify = store.run("verify");
    assertThat(verify.exit()).as(verify.toString()).isZero();
  }

  @Test
  void shouldReadArchivedFilesAndNeverCallThemPurged() throws Exception {
    TestStore store = TestStore.synthetic(directory.resolve("store"), 4);
    byte[] bytes = store.bytes("1/bin.000002");
    Path archive = Files.createDirectory(directory.resolve("archive"));
    FormOptions forms =
        FormOptions.NONE.withCompression(Compression.ZSTD).withArchive(archive, Duration.ZERO);
    try (FileBinlogStore open =
        FileBinlogStore.open(store.directory, StoreOptions.defaults().withForms(forms))) {
      assertThat(open.inventory().size()).isEqualTo(4);
      StoreTester.await(() -> Files.notExists(packed(store, 3)) && archived(store, 3));
      StoreTester.await(() -> archived(store, 1) && archived(store, 2));
    }
    String[] known = {"--archive-dir", archive.toString()};
    Tool ls = Tool.run(with(store, known, "ls"));
    assertThat(ls.lines().get(2)).contains("bin.000002", " " + bytes.length + " ", " zst@ ");
    assertThat(Tool.run(with(store, known, "cat", "bin.000002")).bytes()).isEqualTo(bytes);
    assertThat(Tool.run(with(store, known, "find", "0-101-3")).exit()).isZero();
    Tool verify = Tool.run(with(store, known, "verify"));
    assertThat(verify.exit()).as(verify.toString()).isZero();

    Tool unknown = store.run("verify");
    assertThat(unknown.exit()).as(unknown.toString()).isEqualTo(1);
    assertThat(unknown.text()).contains("1/bin.000002: cannot be read", "is archived");
    Files.move(archive, directory.resolve("elsewhere"));
    Tool away = Tool.run(with(store, known, "verify"));
    assertThat(away.exit()).as(away.toString()).isEqualTo(1);
    assertThat(away.text()).contains("1/bin.000002: cannot be read", "mounted");
    Tool cat = Tool.run(with(store, known, "cat", "bin.000002"));
    assertThat(cat.exit()).isEqualTo(2);
    assertThat(cat.errors()).contains("mounted");
    assertThat(Tool.run(with(store, known, "ls")).lines().get(2)).contains("0-101-4");
    Tool find = Tool.run(with(store, known, "find", "0-101-7"));
    assertThat(find.exit()).as(find.toString()).isZero();
  }

  @Test
  void shouldGoOnWithANoteOfAnArchivedFileThatIsDamaged() throws Exception {
    TestStore store = TestStore.synthetic(directory.resolve("store"), 3);
    Files.delete(store.file("1/bin.000002"));
    Files.write(store.file("1/bin.000002.archived"), new byte[10]);
    Tool ls = store.run("ls");
    assertThat(ls.exit()).as(ls.toString()).isZero();
    assertThat(ls.lines().get(2))
        .contains("bin.000002", " ?@ ", "0-101-4", "cannot be read", "note of an archived file");
    assertThat(store.run("cat", "bin.000001").exit()).isZero();
    assertThat(store.run("find", "0-101-5").exit()).isZero();
    Tool cat = store.run("cat", "bin.000002");
    assertThat(cat.exit()).isEqualTo(2);
    assertThat(cat.errors()).contains("note of an archived file");
    Tool verify = store.run("verify");
    assertThat(verify.exit()).as(verify.toString()).isEqualTo(1);
    assertThat(verify.text()).contains("1/bin.000002: cannot be read");
  }

  @Test
  void shouldReadEncryptedFilesWithTheirKeysOnly() throws Exception {
    Path keys = directory.resolve("keys");
    TestStore store = encrypted(keys);
    String[] known = {"--key-file", keys.toString()};
    assertThat(Tool.run(with(store, known, "ls")).lines().get(1)).contains("bin.000001", " enc ");
    byte[] bytes =
        new SyntheticLog()
            .startFile()
            .transaction(1000)
            .transaction(70_000)
            .rotate("bin.000002")
            .bytes();
    assertThat(Tool.run(with(store, known, "cat", "bin.000001")).bytes()).isEqualTo(bytes);
    assertThat(Tool.run(with(store, known, "find", "0-101-2")).exit()).isZero();
    Tool verify = Tool.run(with(store, known, "verify"));
    assertThat(verify.exit()).as(verify.toString()).isZero();
    Tool cat = store.run("cat", "bin.000001");
    assertThat(cat.exit()).isEqualTo(2);
    assertThat(cat.errors()).contains("key");
    assertThat(cat.bytes()).isEmpty();
    assertThat(store.run("verify").exit()).isNotZero();
    byte[] stored = Files.readAllBytes(store.file("1/bin.000002.enc"));
    stored[stored.length / 2] ^= 1;
    Files.write(store.file("1/bin.000002.enc"), stored);
    Tool damaged = Tool.run(with(store, known, "verify"));
    assertThat(damaged.exit()).as(damaged.toString()).isEqualTo(1);
    assertThat(damaged.text()).contains("1/bin.000002: ");
    byte[] sidecar = Files.readAllBytes(store.sidecar("1/bin.000001"));
    sidecar[sidecar.length / 2] ^= 1;
    Files.write(store.sidecar("1/bin.000001"), sidecar);
    assertThat(Tool.run(with(store, known, "verify")).text())
        .contains("1/bin.000001: has a sidecar that is damaged");
  }

  @Test
  void shouldNeverGiveABeginningOfAnEncryptedFileForTheFile() throws Exception {
    Path keys = directory.resolve("keys");
    TestStore store = encrypted(keys);
    byte[] whole = store.bytes("1/bin.000002.enc");
    byte[] flipped = whole.clone();
    flipped[flipped.length / 2] ^= 1;
    byte[] shorter = Arrays.copyOf(whole, whole.length - 10);
    String[] known = {"--key-file", keys.toString()};
    for (byte[] damaged : List.of(flipped, shorter)) {
      Files.write(store.file("1/bin.000002.enc"), damaged);
      for (String command : List.of("cat", "dump")) {
        Tool tool = Tool.run(with(store, known, command, "bin.000002"));
        assertThat(tool.exit()).as(tool.toString()).isNotZero();
        assertThat(tool.errors()).contains("is damaged");
      }
      Tool verify = Tool.run(with(store, known, "verify"));
      assertThat(verify.exit()).as(verify.toString()).isEqualTo(1);
      assertThat(verify.text()).contains("1/bin.000002: ", "is damaged");
      assertThat(Tool.run(with(store, known, "ls")).lines()).hasSize(4);
    }
    Files.delete(store.file("1/bin.000003"));
    Files.write(store.file("1/bin.000002.enc"), flipped);
    Tool newest = Tool.run(with(store, known, "verify"));
    assertThat(newest.exit()).as(newest.toString()).isEqualTo(1);
    assertThat(newest.text()).contains("1/bin.000002: ", "is damaged");
  }

  @Test
  void shouldRepairAnEncryptedStoreWhoseNewestFileIsClear() throws Exception {
    Path keys = directory.resolve("keys");
    TestStore store = encrypted(keys);
    Files.delete(store.sidecar("1/bin.000001"));
    StoreRepair.repair(store.directory, null, KeyRing.load(keys));
    assertThat(Files.readAllBytes(store.sidecar("1/bin.000001")))
        .startsWith('S', 'L', 'U', 'I', 'C', 'E');
  }

  /** Three files; the newest one is clear. */
  private TestStore encrypted(Path keys) throws Exception {
    TestStore store = TestStore.synthetic(directory.resolve("store"), 3);
    Files.writeString(keys, "7;" + "0f".repeat(32) + "\n");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    EncryptionOptions encryption = new EncryptionOptions(KeyRing.load(keys), 7);
    try (FileBinlogStore open =
        FileBinlogStore.open(store.directory, StoreOptions.defaults().withEncryption(encryption))) {
      StoreTester.await(() -> sealed(store, 1) && sealed(store, 2));
    }
    return store;
  }

  private static boolean sealed(TestStore store, int number) {
    return Files.exists(store.file("1/bin.00000" + number + ".enc"))
        && Files.notExists(store.file("1/bin.00000" + number));
  }

  private static List<String> with(TestStore store, String[] options, String... command) {
    List<String> all = new ArrayList<>(List.of("--store", store.directory.toString()));
    all.addAll(List.of(options));
    all.addAll(List.of(command));
    return all;
  }

  private static Path packed(TestStore store, int number) {
    return store.file("1/bin.00000" + number + ".zst");
  }

  private static boolean archived(TestStore store, int number) {
    return Files.exists(store.file("1/bin.00000" + number + ".archived"))
        && Files.notExists(store.file("1/bin.00000" + number))
        && Files.notExists(packed(store, number));
  }
}
