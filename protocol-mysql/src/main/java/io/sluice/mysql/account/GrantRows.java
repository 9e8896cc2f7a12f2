package io.sluice.mysql.account;

import io.sluice.mysql.result.ResultSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A result whose columns are found by name, whatever their case. Immutable. */
final class GrantRows {
  private final ResultSet result;
  private final Map<String, Integer> columns = new HashMap<>();

  GrantRows(ResultSet result) {
    this.result = result;
    List<String> names = result.columnNames();
    for (int i = 0; i < names.size(); i++) {
      columns.putIfAbsent(names.get(i).toLowerCase(Locale.ROOT), i);
    }
  }

  int size() {
    return result.size();
  }

  /** The value as text; empty for NULL and for a column that this server does not have. */
  String text(int row, String column) {
    @Nullable Integer index = columns.get(column.toLowerCase(Locale.ROOT));
    @Nullable String value = index == null ? null : result.value(row, index);
    return value == null ? "" : value;
  }

  boolean isYes(int row, String column) {
    return text(row, column).equals("Y");
  }
}
