package io.sluice.benchmarks.replica;

/**
 * How old rows were when replicas got them.
 *
 * @param count how many rows, of all replicas that looked
 * @param p50 half were not older; nanoseconds
 * @param p99 of a hundred 99 were not older; nanoseconds
 * @param max the oldest one; nanoseconds
 */
public record Latency(long count, long p50, long p99, long max) {

  /** What {@link #parse} reads. */
  String words() {
    return count + " " + p50 + " " + p99 + " " + max;
  }

  static Latency parse(String text) {
    String[] words = text.split(" ");
    return new Latency(
        Long.parseLong(words[0]),
        Long.parseLong(words[1]),
        Long.parseLong(words[2]),
        Long.parseLong(words[3]));
  }
}
