package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.sluice.api.config.ConfigProblem;
import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.config.Problems;
import io.sluice.api.config.Settings;
import io.sluice.binlog.master.MasterConnector;
import io.sluice.binlog.retention.RetentionOptions;
import io.sluice.binlog.store.Compression;
import io.sluice.binlog.store.FormOptions;
import io.sluice.binlog.store.ServeAfter;
import io.sluice.binlog.store.SyncPolicy;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an administrator may write, and what cannot work together. */
class BinlogConfigTest {
  private final Problems problems = new Problems();

  private Settings settings(String options) {
    return BinlogSettings.SPEC.parse(
        ConfigFactory.parseString("server-id = 7\n" + options).root(), "options", problems);
  }

  private SyncPolicy sync(String value) {
    return BinlogConfig.from(settings("sync = " + value)).sync();
  }

  @Test
  void shouldUnderstandEachFormOfSync() {
    assertThat(BinlogConfig.from(settings("")).sync()).isEqualTo(SyncPolicy.TRANSACTION);
    assertThat(sync("transaction")).isEqualTo(SyncPolicy.TRANSACTION);
    assertThat(sync("NONE")).isEqualTo(SyncPolicy.NONE);
    assertThat(sync("100ms")).isEqualTo(SyncPolicy.every(Duration.ofMillis(100)));
    assertThat(sync("\"2 seconds\"")).isEqualTo(SyncPolicy.every(Duration.ofSeconds(2)));
    assertThat(problems.all()).isEmpty();
  }

  @Test
  void shouldPrintSyncAsItIsWritten() {
    SyncSetting type = new SyncSetting();
    assertThat(type.print(SyncPolicy.TRANSACTION)).isEqualTo("transaction");
    assertThat(type.print(SyncPolicy.NONE)).isEqualTo("none");
    assertThat(type.print(SyncPolicy.every(Duration.ofMillis(250)))).isEqualTo("250ms");
  }

  @ParameterizedTest
  @ValueSource(strings = {"always", "0s", "-1s", "\"10 parsecs\"", "\"\"", "[1s]", "true"})
  void shouldTellWhatSyncMayBe(String value) {
    settings("sync = " + value);
    assertThat(problems.all()).hasSize(1);
    ConfigProblem problem = problems.all().get(0);
    assertThat(problem.path()).isEqualTo("options.sync");
    assertThat(problem.message())
        .endsWith("(expected: transaction, none or a duration such as 100ms)");
  }

  @Test
  void shouldRefuseToServeWhatIsSyncedWhenNothingIs() {
    Settings never = settings("sync = none, serve-after = synced");
    assertThatThrownBy(() -> BinlogConfig.from(never))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("serve-after")
        .hasMessageContaining("synced (expected: written, because sync is none)");
    assertThat(BinlogConfig.from(settings("sync = 1s, serve-after = synced")).serveAfter())
        .isEqualTo(ServeAfter.SYNCED);
  }

  @Test
  void shouldAcknowledgeOnlyWhatIsOnTheDiskUnlessNothingIsForced() {
    assertThat(BinlogConfig.from(settings("semi-sync = on, sync = 1s")).acknowledges())
        .isEqualTo(MasterConnector.SemiSync.SYNCED);
    assertThat(BinlogConfig.from(settings("semi-sync = on, sync = none")).acknowledges())
        .isEqualTo(MasterConnector.SemiSync.WRITTEN);
  }

  @Test
  void shouldNotShowPartsOfTransactionsThatAreNotForced() {
    Settings both = settings("transaction-safety = off, serve-after = synced");
    assertThatThrownBy(() -> BinlogConfig.from(both))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("transaction-safety: off (expected: on, because serve-after is");
    assertThat(BinlogConfig.from(settings("")).transactionSafety()).isTrue();
  }

  @Test
  void shouldKeepEverythingUnlessToldOtherwise() {
    assertThat(BinlogConfig.from(settings("")).retention()).isEqualTo(RetentionOptions.KEEP_ALL);
    assertThat(
            BinlogConfig.from(
                    settings(
                        "retention-time = 3 days, retention-size = 10 MiB, retention-files = 5,"
                            + " retention-free = 1 MiB, retention-replica-time = 1h,"
                            + " retention-hard-size = 20 MiB"))
                .retention())
        .isEqualTo(
            new RetentionOptions(
                Duration.ofDays(3), 10 << 20, 5, 1 << 20, Duration.ofHours(1), 20 << 20));
    assertThat(problems.all()).isEmpty();
  }

  @Test
  void shouldRefuseAHardLimitBelowTheOther() {
    Settings wrong = settings("retention-size = 2 MiB, retention-hard-size = 1 MiB");
    assertThatThrownBy(() -> BinlogConfig.from(wrong))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("retention-hard-size")
        .hasMessageContaining("1048576 (expected: 0, or at least retention-size, 2097152)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"retention-size = -1", "retention-files = -1", "retention-time = -1s"})
  void shouldRefuseNegativeLimits(String option) {
    settings(option);
    assertThat(problems.all()).hasSize(1);
  }

  @Test
  void shouldKeepFilesAsTheyAreUnlessToldOtherwise() {
    assertThat(BinlogConfig.from(settings("")).forms()).isEqualTo(FormOptions.NONE);
    FormOptions forms =
        BinlogConfig.from(
                settings(
                    "compression = zstd, compression-level = 9, compression-rate = 10 MiB\n"
                        + "archive-dir = \"/mnt/binlogs\", archive-after = 2h"))
            .forms();
    assertThat(forms)
        .isEqualTo(
            new FormOptions(
                Compression.ZSTD, 9, 10 << 20, Path.of("/mnt/binlogs"), Duration.ofHours(2)));
    assertThat(problems.all()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compression = lz4",
        "compression-level = 0",
        "compression-level = 23",
        "compression-rate = -1",
        "archive-after = soon"
      })
  void shouldTellWhatCompressionMayBe(String options) {
    Settings parsed = settings(options);
    if (problems.all().isEmpty()) {
      assertThatThrownBy(() -> BinlogConfig.from(parsed))
          .isInstanceOf(InvalidConfigException.class)
          .hasMessageContaining("expected: ");
    } else {
      assertThat(problems.all()).hasSize(1);
    }
  }

  @Test
  void shouldWantToKnowExactlyWhereTheArchiveIs() {
    Settings relative = settings("archive-dir = share");
    assertThatThrownBy(() -> BinlogConfig.from(relative))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("archive-dir")
        .hasMessageContaining("share (expected: an absolute path)");
  }
}
