package io.sluice.benchmarks.relay;

import io.sluice.benchmarks.report.Report;

/** One question about the relay, answered by measuring. */
public interface Scenario {

  /** One letter or word: what the command line calls it. */
  String id();

  /** The question. */
  String title();

  /** Measures and writes it down. Blocks, up to many minutes. */
  void run(Bench bench, Report report) throws Exception;
}
