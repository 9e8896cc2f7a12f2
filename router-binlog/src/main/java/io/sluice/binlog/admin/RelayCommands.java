package io.sluice.binlog.admin;

import io.sluice.api.admin.ModuleCommand;
import io.sluice.binlog.master.MasterLink;
import java.util.List;
import java.util.Map;

/** The administrator's verbs. Stateless. */
public final class RelayCommands {
  private RelayCommands() {}

  /** All of them, for one relay. */
  public static List<ModuleCommand> of(MasterLink link) {
    return List.of(
        new ModuleCommand(
            "start-link",
            "Connects to the master, also after the link has stopped because of an error; at once if it is waiting.",
            List.of(),
            arguments -> {
              link.start();
              return Map.of("link", "starting");
            }),
        new ModuleCommand(
            "stop-link",
            "Disconnects from the master; replicas are served from the store.",
            List.of(),
            arguments -> {
              link.stop();
              return Map.of("link", "stopping");
            }));
  }
}
