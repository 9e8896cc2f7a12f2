package io.sluice.testkit.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A text result set, or an OK packet (no columns). */
public record WireResult(
    List<String> columns, List<List<@Nullable String>> rows, long affectedRows, int status) {

  /** The first column of the first row. */
  public @Nullable String value() {
    return rows.isEmpty() ? null : rows.get(0).get(0);
  }
}
