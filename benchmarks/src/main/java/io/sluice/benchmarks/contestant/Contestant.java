package io.sluice.benchmarks.contestant;

/** A running process that replicas can dump from, always on this machine. */
public interface Contestant extends AutoCloseable {

  /** As it stands in reports. */
  String name();

  /** Where it listens. */
  int port();

  /** The number of its process. */
  long pid();

  /** Whether replicas have to speak MySQL's words. */
  default boolean isMySql() {
    return false;
  }

  @Override
  void close();
}
