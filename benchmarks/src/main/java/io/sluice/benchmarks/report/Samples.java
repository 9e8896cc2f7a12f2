package io.sluice.benchmarks.report;

import java.util.Arrays;
import java.util.Locale;

/** One figure, measured several times. Not thread-safe. */
public final class Samples {
  private double[] values = {};

  /** Adds what one turn gave. */
  public void add(double value) {
    values = Arrays.copyOf(values, values.length + 1);
    values[values.length - 1] = value;
  }

  /** How many there are. */
  public int count() {
    return values.length;
  }

  /** What turn {@code i} gave, from 0. */
  public double get(int i) {
    return values[i];
  }

  /** The middle one; of an even number the mean of the two in the middle. */
  public double median() {
    double[] sorted = sorted();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The smallest. */
  public double min() {
    return sorted()[0];
  }

  /** The largest. */
  public double max() {
    return sorted()[values.length - 1];
  }

  private double[] sorted() {
    if (values.length == 0) {
      throw new IllegalStateException("samples: none (expected: at least one)");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted;
  }

  /**
   * This figure divided by another one, turn by turn: both were measured shortly after each other,
   * so that the machine's moods drop out.
   */
  public Samples ratioTo(Samples other) {
    if (other.values.length != values.length) {
      throw new IllegalArgumentException(
          "samples: " + values.length + " and " + other.values.length + " (expected: as many)");
    }
    Samples ratios = new Samples();
    for (int i = 0; i < values.length; i++) {
      ratios.add(values[i] / other.values[i]);
    }
    return ratios;
  }

  /** {@code median (min–max)}, each with so many digits behind the point. */
  public String text(int digits) {
    String format = "%." + digits + "f";
    String number = format + " (" + format + "–" + format + ")";
    return String.format(Locale.ROOT, number, median(), min(), max());
  }
}
