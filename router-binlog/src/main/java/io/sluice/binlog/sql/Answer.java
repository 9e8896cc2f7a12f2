package io.sluice.binlog.sql;

import io.sluice.api.session.ReplyError;
import io.sluice.mysql.message.ColumnDefinition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a client gets for a statement. Immutable. */
public sealed interface Answer {

  /**
   * It worked and there is nothing to show.
   *
   * @param warnings how many conditions SHOW WARNINGS has
   */
  record Ok(int warnings) implements Answer {
    /** Without warnings. */
    public Ok() {
      this(0);
    }
  }

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
   * @param rows values in the order of the columns: null, bytes, or anything else as its text
   */
  record Rows(List<ColumnDefinition> columns, List<List<@Nullable Object>> rows) implements Answer {
    /** Copies the lists. */
    public Rows {
      columns = List.copyOf(columns);
      rows = Collections.unmodifiableList(new ArrayList<>(rows));
    }
  }

  /** Rows that are made while the client takes them. Asked by one thread at a time. */
  interface RowSource {
    /** The most rows of one batch. */
    int BATCH = 1000;

    /**
     * The next rows, an empty list at the end. An exception that is a {@link SqlError} is told to
     * the client.
     */
    CompletableFuture<List<List<@Nullable Object>>> next();
  }

  /**
   * A result set that is too large for memory.
   *
   * @param columns its columns
   * @param source its rows
   */
  record Stream(List<ColumnDefinition> columns, RowSource source) implements Answer {
    /** Copies the list. */
    public Stream {
      columns = List.copyOf(columns);
    }
  }
}
