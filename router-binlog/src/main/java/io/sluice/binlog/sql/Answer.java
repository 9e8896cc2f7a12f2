package io.sluice.binlog.sql;

import io.sluice.api.session.ReplyError;
import io.sluice.mysql.message.ColumnDefinition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client gets for a statement. Immutable. */
public sealed interface Answer {

  /** It worked and there is nothing to show. */
  record Ok() implements Answer {}

  /**
   * It did not work.
   *
   * @param error what the client is told
   */
  record Failed(ReplyError error) implements Answer {}

  /**
   * A result set.
   *
   * @param columns its columns
   * @param rows values in the order of the columns: null, Long, Integer, Double or String
   */
  record Rows(List<ColumnDefinition> columns, List<List<@Nullable Object>> rows) implements Answer {
    /** Copies the lists. */
    public Rows {
      columns = List.copyOf(columns);
      rows = Collections.unmodifiableList(new ArrayList<>(rows));
    }
  }
}
