package io.sluice.binlog.disk;

/** What is left when a run ends in the middle. */
public enum Survival {
  /** Everything: only the process was killed. */
  KILLED_PROCESS,
  /** What was forced, and nothing else. */
  NOTHING,
  /** What was forced, and all the rest too. */
  EVERYTHING,
  /** In each file and folder a beginning of what was not forced. */
  BEGINNING,
  /** Any of it: sectors and directory entries one by one. */
  ANYTHING,
  /** The same, and files may have grown over bytes that were never written: zeros or garbage. */
  SIZE_WITHOUT_BYTES
}
