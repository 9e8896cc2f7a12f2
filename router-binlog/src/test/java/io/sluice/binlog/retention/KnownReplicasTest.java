package io.sluice.binlog.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.binlog.replica.Replica;
import io.sluice.binlog.replica.ReplicaRegistry;
import io.sluice.binlog.replica.TestReplica;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.StoreMetadata;
import io.sluice.binlog.store.StoreTester;
import io.sluice.binlog.store.StoredFile;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownReplicasTest {
  private static final String UUID = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
  private static final BinlogFileId ONE = new BinlogFileId(1, "m.000001");
  private static final BinlogFileId TWO = new BinlogFileId(2, "m.000002");

  @TempDir Path directory;

  private final ReplicaRegistry registry = new ReplicaRegistry();
  private Instant now = Instant.ofEpochSecond(1_700_000_000);

  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now;
        }
      };

  private KnownReplicas known(StoreMetadata metadata) {
    KnownReplicas known = new KnownReplicas(metadata, Duration.ofHours(1), clock);
    registry.listener(known);
    return known;
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  @Test
  void shouldRememberWhoWasConnectedAndWhatItNeeds() throws Exception {
    try (StoreTester tester = new StoreTester(directory)) {
      KnownReplicas known = known(tester.store.metadata());
      Replica seven = TestReplica.streams(registry, 7, null, ONE);
      TestReplica.streams(registry, 8, UUID, TWO);
      TestReplica.streams(registry, 0, null, ONE);
      pass(Duration.ofHours(5));
      assertThat(known.all())
          .containsExactly(
              new KnownReplica(8, UUID, "db8:3306", true, now, TWO),
              new KnownReplica(7, "", "db7:3306", true, now, ONE));
      TestReplica.sent(seven, TWO, 20 << 20);
      registry.remove(seven);
      registry.remove(seven);
    }
    Instant left = now;
    pass(Duration.ofMinutes(59));
    try (StoreTester tester = new StoreTester(directory)) {
      KnownReplicas known = known(tester.store.metadata());
      // The one that did not say good-bye counts as seen when something was last written.
      assertThat(known.all())
          .containsExactly(
              new KnownReplica(8, UUID, "db8:3306", false, left, TWO),
              new KnownReplica(7, "", "db7:3306", false, left, TWO));
      assertThat(known.away(List.of(new StoredFile(TWO, 1))))
          .containsExactly(
              "replica 8 (db8:3306, last seen 2023-11-15T03:13:20Z) needs m.000002",
              "replica 7 (db7:3306, last seen 2023-11-15T03:13:20Z) needs m.000002");
      pass(Duration.ofMinutes(1));
      assertThat(known.all()).isEmpty();
    }
    try (StoreTester tester = new StoreTester(directory)) {
      assertThat(tester.store.metadata().all()).isEmpty();
    }
  }

  @Test
  void shouldTellWhoNeedsAFileOnlyIfItIsAway() throws Exception {
    try (StoreTester tester = new StoreTester(directory)) {
      KnownReplicas known = known(tester.store.metadata());
      Replica seven = TestReplica.streams(registry, 7, null, ONE);
      assertThat(known.away(List.of(new StoredFile(ONE, 1)))).isEmpty();
      registry.remove(seven);
      assertThat(known.away(List.of(new StoredFile(ONE, 1)))).hasSize(1);
      assertThat(known.away(List.of(new StoredFile(TWO, 1)))).isEmpty();
    }
  }

  @Test
  void shouldCountTheNewConnectionOfAReplicaWhoseOldOneEndsLater() throws Exception {
    try (StoreTester tester = new StoreTester(directory)) {
      KnownReplicas known = known(tester.store.metadata());
      Replica old = TestReplica.streams(registry, 7, null, TWO);
      TestReplica.streams(registry, 7, null, ONE);
      registry.remove(old);
      assertThat(known.all()).containsExactly(new KnownReplica(7, "", "db7:3306", true, now, ONE));
    }
  }

  @Test
  void shouldForgetWhoIsNotConnected() throws Exception {
    try (StoreTester tester = new StoreTester(directory)) {
      KnownReplicas known = known(tester.store.metadata());
      Replica seven = TestReplica.streams(registry, 7, null, ONE);
      Replica eight = TestReplica.streams(registry, 8, UUID, TWO);
      assertThat(known.forget("9")).isZero();
      assertThatThrownBy(() -> known.forget("7")).hasMessageContaining("7 is connected");
      registry.remove(seven);
      registry.remove(eight);
      assertThat(known.forget("7")).isEqualTo(1);
      assertThat(known.forget(UUID)).isEqualTo(1);
      assertThat(known.all()).isEmpty();
      assertThat(tester.store.metadata().all()).isEmpty();
    }
  }

  @Test
  void shouldNotTripOverWhatItDoesNotUnderstand() throws Exception {
    try (StoreTester tester = new StoreTester(directory)) {
      StoreTester.get(
          tester
              .store
              .metadata()
              .update(
                  java.util.Map.of(
                      "replica.1", "1;1/m.000001;x;db", "replica.2", "", "replica.3", "3;m;1;db")));
      assertThat(known(tester.store.metadata()).all()).isEmpty();
    }
  }
}
