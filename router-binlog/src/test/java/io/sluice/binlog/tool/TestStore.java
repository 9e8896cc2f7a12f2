package io.sluice.binlog.tool;

import io.sluice.binlog.event.SyntheticLog;
import io.sluice.binlog.form.KeyRing;
import io.sluice.binlog.store.Sidecar;
import io.sluice.binlog.store.StoreRepair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A store with some files, as Sluice leaves it. */
final class TestStore {
  final Path directory;

  private TestStore(Path directory) {
    this.directory = directory;
  }

  /** Puts files into an epoch, then has them indexed as at a start. */
  static TestStore of(Path directory, List<String> names, List<byte[]> files) throws IOException {
    TestStore store = new TestStore(directory);
    for (int i = 0; i < names.size(); i++) {
      Path file = store.file(names.get(i));
      Files.createDirectories(file.getParent());
      Files.write(file, files.get(i));
    }
    StoreRepair.repair(directory, null, KeyRing.none());
    return store;
  }

  /** Files of a MariaDB master with transactions 0-101-1 and so on, two in each file. */
  static TestStore synthetic(Path directory, int count) throws IOException {
    SyntheticLog log = new SyntheticLog();
    List<String> names = new ArrayList<>();
    List<byte[]> files = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      names.add("1/bin.00000" + i);
      log.startFile().transaction(1000 * i).transaction(70_000);
      files.add(i < count ? log.rotate("bin.00000" + (i + 1)).bytes() : log.bytes());
    }
    return of(directory, names, files);
  }

  /** A file by {@code 1/bin.000001}. */
  Path file(String name) {
    int slash = name.indexOf('/');
    return directory
        .resolve(String.format("%04d", Integer.parseInt(name.substring(0, slash))))
        .resolve(name.substring(slash + 1));
  }

  Path sidecar(String name) {
    return Sidecar.path(file(name));
  }

  byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(file(name));
  }

  /** Turns a bit of a file over. */
  void flip(String name, int at) throws IOException {
    byte[] bytes = bytes(name);
    bytes[at] ^= 0x10;
    Files.write(file(name), bytes);
  }

  Tool run(String... arguments) {
    return Tool.run(directory, arguments);
  }
}
