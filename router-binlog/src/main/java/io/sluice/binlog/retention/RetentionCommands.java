package io.sluice.binlog.retention;

import io.sluice.api.admin.CommandException;
import io.sluice.api.admin.ModuleCommand;
import java.util.List;
import java.util.Map;

/** The administrator's verbs for what is known of replicas. Stateless. */
public final class RetentionCommands {
  private static final String REPLICA = "replica";

  private RetentionCommands() {}

  /** All of them, for one relay. */
  public static List<ModuleCommand> of(Retention retention) {
    return List.of(
        new ModuleCommand(
            "forget-replica",
            "Forgets a replica that will not come back, by its server id or uuid: retention keeps"
                + " no files for it any more.",
            List.of(REPLICA),
            arguments -> forget(retention, arguments)));
  }

  private static Map<String, Object> forget(Retention retention, Map<String, String> arguments) {
    String name = arguments.getOrDefault(REPLICA, "");
    int forgotten;
    try {
      forgotten = retention.known().forget(name);
    } catch (IllegalStateException e) {
      throw new CommandException(String.valueOf(e.getMessage()));
    }
    if (forgotten == 0) {
      throw new CommandException(
          REPLICA + ": " + name + " (expected: the server id or uuid of a known replica)");
    }
    retention.soon();
    return Map.of("forgotten", forgotten);
  }
}
