package io.sluice.benchmarks.relay;

import io.sluice.benchmarks.replica.Latency;

/**
 * What one load gave. Processor time counts until all replicas had all; for each transaction, in
 * microseconds.
 *
 * @param perSecond transactions
 * @param master processor time of the master
 * @param relay processor time of what stands between master and replicas
 * @param load processor time of the program that writes
 * @param replicas processor time of all null replicas
 * @param behindHalfway transactions that the slowest replica lacked in the middle of the load
 * @param behind transactions that it lacked at the end
 * @param behindBytes the same in bytes of the log
 * @param caughtUp seconds from the end of the load until all had all
 * @param latency from insert to replica
 * @param direct the same of one replica at the master
 */
record LiveFigures(
    double perSecond,
    double master,
    double relay,
    double load,
    double replicas,
    double behindHalfway,
    double behind,
    double behindBytes,
    double caughtUp,
    Latency latency,
    Latency direct) {

  private static final double NANOS_PER_MILLI = 1e6;

  /** Processor time of all that an installation pays for. */
  double masterAndRelay() {
    return master + relay;
  }

  /** How long the master took for what the slowest replica lacked at the end. */
  double secondsBehind() {
    return behind / perSecond;
  }

  double p50() {
    return latency.p50() / NANOS_PER_MILLI;
  }

  double p99() {
    return latency.p99() / NANOS_PER_MILLI;
  }

  double max() {
    return latency.max() / NANOS_PER_MILLI;
  }

  double directP50() {
    return direct.p50() / NANOS_PER_MILLI;
  }

  double directP99() {
    return direct.p99() / NANOS_PER_MILLI;
  }

  double addedP50() {
    return p50() - directP50();
  }

  double addedP99() {
    return p99() - directP99();
  }
}
