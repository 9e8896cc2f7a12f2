package io.sluice.binlog.sql;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The functions of a family that look at the log. Confined to the event loop of the session. */
sealed interface ReplicationFunctions permits MariaDbFunctions, MySqlFunctions {

  /**
   * The value of a function, on the same loop.
   *
   * @param name in upper case
   * @return null if the family has no function of this name here
   */
  @Nullable CompletableFuture<SqlValue> apply(String name, List<SqlValue> arguments);
}
