package io.sluice.benchmarks.micro;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What the calls of a benchmark have worked on, so that the report can tell the time for one item
 * and the bytes per second.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Moved {
  /** Events, packets or answers: the benchmark says what. */
  public long items;

  /** Their bytes. */
  public long bytes;
}
