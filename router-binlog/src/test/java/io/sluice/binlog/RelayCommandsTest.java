package io.sluice.binlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.api.admin.CommandException;
import io.sluice.api.admin.ModuleCommand;
import io.sluice.binlog.admin.RelayCommands;
import io.sluice.binlog.control.ControlException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RelayCommandsTest {
  private static final String UUID = "3e11fa47-71ca-11e1-9e33-c80aa9429562";

  private final FakeControl control = new FakeControl();

  private Map<String, Object> run(String name, Map<String, String> arguments) {
    ModuleCommand command =
        RelayCommands.of(control).stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow();
    return command.action().apply(arguments);
  }

  @Test
  void shouldGiveTheOrdersOfBothFamilies() {
    assertThat(run("set-gtid-purged", Map.of("set", UUID + ":1-5:red:7")))
        .containsEntry("done", true);
    run("set-gtid-slave-pos", Map.of("position", "0-1-5"));
    run("change-master", Map.of("host", "db2", "auto-position", "true"));
    assertThat(control.orders.subList(0, 2))
        .containsExactly("gtid_purged " + UUID + ":1-5:red:7", "gtid_slave_pos 0-1-5");
    assertThat(control.orders.get(2)).contains("host=db2").contains("autoPosition=true");
  }

  @Test
  void shouldRefuseWhatIsNoGtidSetBeforeAnyOrder() {
    assertThatThrownBy(() -> run("set-gtid-purged", Map.of("set", "0-1-5")))
        .isInstanceOf(CommandException.class)
        .hasMessageStartingWith("set: ");
    assertThatThrownBy(() -> run("set-gtid-purged", Map.of()))
        .isInstanceOf(CommandException.class)
        .hasMessage("set: missing (expected: a value)");
    assertThatThrownBy(() -> run("set-gtid-slave-pos", Map.of("position", UUID + ":1")))
        .isInstanceOf(CommandException.class)
        .hasMessageStartingWith("position: ");
    assertThat(control.orders).isEmpty();
  }

  @Test
  void shouldTellWhyAnOrderWasRefused() {
    control.refusal = new ControlException(1235, "HY000", "gtid_purged: the relay follows MariaDB");
    assertThatThrownBy(() -> run("set-gtid-purged", Map.of("set", UUID + ":1")))
        .isInstanceOf(CommandException.class)
        .hasMessage("1235: gtid_purged: the relay follows MariaDB");
  }
}
