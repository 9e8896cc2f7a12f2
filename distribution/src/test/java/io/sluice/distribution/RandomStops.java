package io.sluice.distribution;

import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.Replication;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops, kills and starts each part of a topology at random while writers write. All depends on the
 * seed, which is logged; {@code -Dsluice.test.seed=N} gives the same order again.
 */
final class RandomStops {
  private static final Logger LOGGER = LoggerFactory.getLogger(RandomStops.class);

  private final RelayTopology<?> topology;
  private final Writers writers;
  private final Random random;

  /** A part that can go away and come back. */
  private record Part(String name, Runnable stop, Runnable kill, Runnable start) {}

  RandomStops(RelayTopology<?> topology, Writers writers, long seed) {
    this.topology = topology;
    this.writers = writers;
    this.random = new Random(seed);
  }

  /** A new seed, or the one that was asked for; logged. */
  static long seed() {
    long seed = Long.getLong("sluice.test.seed", System.nanoTime());
    LOGGER.atInfo().addKeyValue("seed", seed).log("random stops: -Dsluice.test.seed");
    return seed;
  }

  /** Takes each part away so many times, in a random order, sometimes two at the same time. */
  void run(int rounds) {
    for (int round = 0; round < rounds; round++) {
      List<Part> parts = new ArrayList<>(List.of(relay(), relay(), master()));
      topology.replicas().forEach(replica -> parts.add(replica(replica)));
      Collections.shuffle(parts, random);
      while (!parts.isEmpty()) {
        Part first = parts.remove(0);
        down(first);
        if (!parts.isEmpty()
            && random.nextInt(3) == 0
            && !parts.get(0).name().equals(first.name())) {
          Part second = parts.remove(0);
          down(second);
          up(second);
        }
        up(first);
        writers.awaitMore(random.nextInt(10, 60));
      }
    }
  }

  private void down(Part part) {
    boolean kill = random.nextBoolean();
    LOGGER.atInfo().addKeyValue("part", part.name()).addKeyValue("kill", kill).log("down");
    (kill ? part.kill() : part.stop()).run();
    if (topology.master().isRunning()) {
      writers.awaitMore(random.nextInt(1, 60));
    }
  }

  private static void up(Part part) {
    part.start().run();
  }

  private Part relay() {
    SluiceProcess sluice = topology.sluice();
    return new Part("relay", sluice::stop, sluice::kill9, sluice::start);
  }

  private Part master() {
    return server("master", topology.master());
  }

  private Part replica(DatabaseServer replica) {
    if (random.nextInt(3) == 0) {
      return new Part(
          "replication of " + replica,
          () -> Replication.stopSlave(replica),
          () -> Replication.stopIoThread(replica),
          () -> Replication.startSlave(replica));
    }
    return server(replica.toString(), replica);
  }

  private static Part server(String name, DatabaseServer server) {
    return new Part(name, server::stop, server::kill9, server::start);
  }
}
