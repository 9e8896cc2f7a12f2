package io.sluice.mysql.frontend;

import io.sluice.api.admin.CommandException;
import io.sluice.api.admin.ModuleCommand;
import io.sluice.mysql.account.AccountStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What administrators may do with the logins of a listener. Stateless. */
final class ListenerCommands {

  private static final int PATIENCE_SECONDS = 30;

  private ListenerCommands() {}

  static List<ModuleCommand> of(AccountStore accounts, HostFailures failures) {
    return List.of(
        new ModuleCommand(
            "reload-accounts",
            "Loads the accounts from the service's servers now.",
            List.of(),
            arguments -> reload(accounts)),
        new ModuleCommand(
            "unblock-hosts",
            "Lets hosts log in again that were blocked for failed logins; one or all.",
            List.of("[host]"),
            arguments ->
                Map.of("unblocked", failures.unblock(arguments.getOrDefault("host", "")))));
  }

  private static Map<String, Object> reload(AccountStore accounts) {
    try {
      String problem = accounts.reload().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!accounts.current().isLoaded()) {
        throw new CommandException("accounts cannot be loaded: " + problem);
      }
      return new LinkedHashMap<>(accounts.diagnostics());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("accounts: interrupted");
    } catch (ExecutionException e) {
      throw new CommandException("accounts cannot be loaded: " + e.getCause());
    } catch (TimeoutException e) {
      throw new CommandException(
          "accounts: no answer within " + PATIENCE_SECONDS + "s (expected: a server that answers)");
    }
  }
}
