package io.sluice.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** A table in Markdown; the first column is text, the others are figures. Not thread-safe. */
public final class Table {
  private final String[] header;
  private final List<String[]> rows = new ArrayList<>();

  /** With the names of its columns. */
  public Table(String... header) {
    this.header = header.clone();
  }

  /** Adds a row. */
  public void row(String... cells) {
    if (cells.length != header.length) {
      throw new IllegalArgumentException(
          "cells: " + cells.length + " (expected: " + header.length + ")");
    }
    rows.add(cells.clone());
  }

  /** In Markdown. */
  public String text() {
    StringBuilder text = new StringBuilder(line(header));
    text.append("| ---").append(" | ---:".repeat(header.length - 1)).append(" |\n");
    rows.forEach(row -> text.append(line(row)));
    return text.toString();
  }

  private static String line(String... cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }
}
