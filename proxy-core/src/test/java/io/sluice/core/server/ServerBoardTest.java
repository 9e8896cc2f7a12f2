package io.sluice.core.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.api.server.ServerRole;
import io.sluice.api.server.ServerState;
import io.sluice.api.server.ServerStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServerBoardTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private Instant now = START;
  private final ServerBoard board =
      new ServerBoard(
          new Clock() {
            @Override
            public ZoneId getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
              return this;
            }

            @Override
            public Instant instant() {
              return now;
            }
          });
  private final ConfiguredServer db1 = board.add("db1", "h", 1, "lines");

  private static ServerState state(ServerStatus status, Set<ServerRole> roles, String message) {
    return new ServerState(
        status, roles, List.of(), Duration.ofSeconds(3), message, Instant.EPOCH, Map.of("k", "v"));
  }

  @Test
  void shouldBeginUnknown() {
    assertThat(db1.state().status()).isEqualTo(ServerStatus.UNKNOWN);
    assertThat(db1.state().since()).isEqualTo(START);
  }

  @Test
  void shouldSetSinceToNowWhenStatusOrRolesChange() {
    now = START.plusSeconds(10);
    board.publish(db1, state(ServerStatus.UP, Set.of(ServerRole.READER), "a"));
    assertThat(db1.state().since()).isEqualTo(now);
    now = START.plusSeconds(20);
    board.publish(db1, state(ServerStatus.UP, Set.of(ServerRole.WRITER), "b"));
    assertThat(db1.state().since()).isEqualTo(now);
    assertThat(db1.state().is(ServerRole.WRITER)).isTrue();
  }

  @Test
  void shouldKeepSinceWhenOnlyTheRestChanges() {
    now = START.plusSeconds(10);
    board.publish(db1, state(ServerStatus.UP, Set.of(ServerRole.READER), "a"));
    now = START.plusSeconds(20);
    board.publish(db1, state(ServerStatus.UP, Set.of(ServerRole.READER), "b"));
    assertThat(db1.state().since()).isEqualTo(START.plusSeconds(10));
    assertThat(db1.state().message()).isEqualTo("b");
    assertThat(db1.state().lag()).isEqualTo(Duration.ofSeconds(3));
    assertThat(db1.state().details()).containsEntry("k", "v");
  }

  @Test
  void shouldRefuseServersOfAnotherBoardAndNamesInUse() {
    ConfiguredServer stranger = new ServerBoard(Clock.systemUTC()).add("db1", "h", 1, "lines");
    assertThatThrownBy(() -> board.publish(stranger, ServerState.unknown(now)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("db1");
    assertThatThrownBy(() -> board.add("db1", "h", 2, "lines"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldFindServersAndKeepTheirOrder() {
    ConfiguredServer a = board.add("a", "h", 3, "lines");
    assertThat(board.servers()).containsExactly(db1, a);
    assertThat(board.find("a")).contains(a);
    assertThat(board.find("b")).isEmpty();
    assertThatThrownBy(a::backend).isInstanceOf(IllegalStateException.class);
  }
}
