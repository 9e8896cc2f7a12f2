package io.sluice.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A whole report in Markdown, written as a run goes on. Not thread-safe. */
public final class Report {
  private final StringBuilder body = new StringBuilder();
  private final List<Budget> budgets = new ArrayList<>();
  private final double loadBefore = Machine.load();

  /** Begins a part. */
  public void section(String title) {
    body.append("\n## ").append(title).append("\n\n");
  }

  /** Adds a paragraph. */
  public void paragraph(String text) {
    body.append(text).append("\n\n");
  }

  /** Adds a table. */
  public void table(Table table) {
    body.append(table.text()).append('\n');
  }

  /** Adds a budget; all stand together at the beginning. */
  public void budget(Budget budget) {
    budgets.add(budget);
  }

  /** The report so far. */
  public String text(String title, String about) {
    StringBuilder text = new StringBuilder("# " + title + "\n\n");
    text.append(Machine.describe()).append(' ').append(about);
    text.append(String.format(Locale.ROOT, " Load average before: %.2f.%n", loadBefore));
    if (!budgets.isEmpty()) {
      Table table = new Table("budget", "target", "measured", "verdict");
      budgets.forEach(b -> table.row(b.what(), b.target(), b.figure(), b.verdict()));
      text.append("\n## Budgets\n\n").append(table.text());
    }
    return text.append(body).toString();
  }
}
