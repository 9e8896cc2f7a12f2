package io.sluice.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.files.LiveFolder;
import io.sluice.testkit.server.DatabaseServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The files of a server's binlog that a service of a Sluice process has stored. */
record StoredCopies(SluiceProcess sluice, String service, DatabaseServer server) {

  /** A change of one file. */
  interface Damage {
    void to(RandomAccessFile file) throws IOException;
  }

  /** Waits until all that the server has in its binlog now is stored. */
  void await() {
    DatabaseServer.BinlogEnd end = server.binlogEnd();
    Await.until(
        end + " of " + server + " stored",
        Duration.ofSeconds(60),
        () -> of(end.file()).stream().anyMatch(f -> f.toFile().length() >= end.position()),
        sluice::output);
  }

  /** The stored files with that name: one for each epoch that has it. */
  List<Path> of(String file) {
    return LiveFolder.at(sluice.data().resolve("services/" + service)).named(file);
  }

  /** Damages a closed file on the server and here, where it is read from the disk afterwards. */
  void damage(String file, Damage damage) {
    sluice.stop();
    List<Path> copies =
        Stream.concat(Stream.of(server.binlogPath(file)), of(file).stream()).toList();
    assertThat(copies).hasSize(2);
    for (Path copy : copies) {
      try (RandomAccessFile opened = new RandomAccessFile(copy.toFile(), "rw")) {
        damage.to(opened);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    sluice.start();
  }
}
