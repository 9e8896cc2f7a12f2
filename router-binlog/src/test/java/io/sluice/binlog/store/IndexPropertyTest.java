package io.sluice.binlog.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.binlog.gtid.GtidState;
import io.sluice.binlog.gtid.ServerFamily;
import io.sluice.binlog.store.RandomLog.Group;
import io.sluice.binlog.store.RandomLog.LogFile;
import io.sluice.binlog.store.RandomLog.Wish;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The sparse index of a file against a walk over all of its bytes, for any log. */
class IndexPropertyTest {

  @Provide
  Arbitrary<List<Wish>> logs() {
    return RandomLog.wishes();
  }

  private static FileScanner.Source source(byte[] bytes) {
    return (at, target) -> {
      int count = (int) Math.max(0, Math.min(target.remaining(), bytes.length - at));
      target.put(bytes, (int) at, count);
      return count;
    };
  }

  private static Sidecar index(LogFile file) throws IOException {
    return new FileIndexer(source(file.bytes()), file.bytes().length, () -> false).run();
  }

  @Property(tries = 120)
  void shouldSumUpAnyFile(@ForAll @From("logs") List<Wish> wishes, @ForAll ServerFamily family)
      throws Exception {
    RandomLog log = new RandomLog(family, wishes);
    for (int i = 0; i < log.files.size(); i++) {
      LogFile file = log.files.get(i);
      Sidecar sidecar = index(file);
      assertThat(sidecar.size()).isEqualTo(file.bytes().length);
      assertThat(sidecar.sha256())
          .isEqualTo(
              HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file.bytes())));
      assertThat(sidecar.start()).isEqualTo(file.before());
      assertThat(sidecar.end()).isEqualTo(log.stateAt(i, file.bytes().length));
      Sidecar again = Sidecar.decode(sidecar.encode());
      assertThat(again).isNotNull();
      assertThat(again.encode()).isEqualTo(sidecar.encode());
    }
  }

  /** The end of the head, then the first end of a group at each distance; nothing else. */
  private static List<Long> wantedPlaces(RandomLog log, int file) {
    List<Long> ends = new ArrayList<>();
    for (Group group : log.groups) {
      if (group.file() == file) {
        ends.add(group.end());
      }
    }
    if (log.family == ServerFamily.MYSQL) {
      ends.add((long) log.files.get(file).bytes().length);
    }
    List<Long> places = new ArrayList<>();
    places.add(log.files.get(file).headEnd());
    long wanted = FileIndex.SPACING;
    for (long end : ends) {
      if (end >= wanted && end > places.get(places.size() - 1)) {
        places.add(end);
        wanted = end + FileIndex.SPACING;
      }
    }
    return places;
  }

  @Property(tries = 120)
  void shouldIndexExactlyThePlacesThatAWalkFinds(
      @ForAll @From("logs") List<Wish> wishes, @ForAll ServerFamily family) throws Exception {
    RandomLog log = new RandomLog(family, wishes);
    for (int i = 0; i < log.files.size(); i++) {
      FileIndex index = index(log.files.get(i)).index();
      List<Long> places = new ArrayList<>();
      for (FileIndex.Step step : index.steps()) {
        places.add(step.position());
      }
      assertThat(places).isEqualTo(wantedPlaces(log, i));
      long size = log.files.get(i).bytes().length;
      for (long at = 0; at <= size; at += 1 + size / 50) {
        FileIndex.Entry found = index.floor(at);
        long limit = at;
        long expected = places.stream().filter(p -> p <= limit).reduce(4L, Math::max);
        assertThat(found.position()).as("floor of %d", at).isEqualTo(expected);
        if (expected > 4) {
          assertThat(found.state()).as("at %d", at).isEqualTo(log.stateAt(i, expected));
        }
      }
    }
  }

  @Property(tries = 60)
  void shouldFindTheNewestAllowedPlace(
      @ForAll @From("logs") List<Wish> wishes, @ForAll ServerFamily family, @ForAll int choice)
      throws Exception {
    RandomLog log = new RandomLog(family, wishes);
    for (int i = 0; i < log.files.size(); i++) {
      int file = i;
      FileIndex index = index(log.files.get(i)).index();
      List<Long> places = wantedPlaces(log, i);
      int count = 1 + Math.floorMod(choice, places.size());
      Set<GtidState> states = new HashSet<>();
      places.subList(0, count).forEach(place -> states.add(log.stateAt(file, place)));
      FileIndex.Entry found = index.newest(Long.MAX_VALUE, states::contains);
      List<Long> allowed =
          places.stream().takeWhile(place -> states.contains(log.stateAt(file, place))).toList();
      assertThat(found).isNotNull();
      assertThat(found.position()).isEqualTo(allowed.get(allowed.size() - 1));
      assertThat(found.state()).isEqualTo(log.stateAt(i, found.position()));
    }
  }
}
