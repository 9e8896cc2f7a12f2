package io.sluice.binlog.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A transaction that is much larger than memory, with an event that is larger too. */
class BigTransactionIT {
  @TempDir Path directory;

  @Test
  void shouldStreamTwoGigabytesThroughLittleMemory() throws Exception {
    Path log = directory.resolve("log");
    Process child =
        new ProcessBuilder(
                List.of(
                    System.getProperty("java.home")
                        + File.separator
                        + "bin"
                        + File.separator
                        + "java",
                    "-Xmx48m",
                    "-XX:MaxDirectMemorySize=64m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    BigTransaction.class.getName(),
                    directory.resolve("store").toString(),
                    Long.toString(2L << 30)))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(child.waitFor(5, TimeUnit.MINUTES)).as("in time").isTrue();
    assertThat(child.exitValue()).as(Files.readString(log)).isZero();
    assertThat(Files.size(directory.resolve("store/0001/big-bin.000001"))).isGreaterThan(2L << 30);
  }
}
