package io.sluice.benchmarks.relay;

/** Who serves the replicas of a live load. */
enum LiveServer {
  MASTER("MariaDB master itself"),
  INTERMEDIATE("MariaDB intermediate"),
  SLUICE("Sluice");

  private final String title;

  LiveServer(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
