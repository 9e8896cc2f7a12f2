package io.sluice.benchmarks.intake;

/** Somebody who takes a master's log. Confined to one thread. */
public interface LogTaker {

  /** As it stands in reports. */
  String name();

  /** Takes the whole log from nothing on, and forgets it. */
  IntakeMeter.Figures take(int turn) throws Exception;
}
