package io.sluice.binlog.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.store.StoreTester;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownSourcesTest {
  private static final String A = "aaaaaaaa-0000-11f0-8000-00000000000a";
  private static final String B = "bbbbbbbb-0000-11f0-8000-00000000000b";

  @TempDir Path directory;

  @Test
  void shouldKnowTheSourceOfEachEpochAfterARestart() throws Exception {
    try (StoreTester tester = new StoreTester(directory)) {
      KnownSources sources = new KnownSources(tester.store);
      assertThat(sources.uuid(0)).isEmpty();
      sources.follow(0, A);
      sources.follow(2, B);
      sources.follow(3, B);
      sources.follow(3, "");
    }
    try (StoreTester tester = new StoreTester(directory)) {
      KnownSources sources = new KnownSources(tester.store);
      assertThat(sources.uuid(1)).isEqualTo(A);
      assertThat(sources.uuid(2)).isEqualTo(B);
      assertThat(sources.uuid(3)).isEmpty();
    }
  }
}
