package io.sluice.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Identity;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.core.session.SessionState.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SessionMachineTest {

  private static final Identity ANN = new Identity(new PasswordCredentials("ann", ""), "h", null);
  private static final Identity BOB = new Identity(new PasswordCredentials("bob", ""), "h", null);

  private final List<SessionState.Closed> ends = new ArrayList<>();
  private final SessionMachine machine = new SessionMachine(ends::add);

  private void bringTo(Kind kind) {
    switch (kind) {
      case CONNECTED -> {}
      case LOGIN -> machine.onGreeted();
      case RUNNING -> {
        bringTo(Kind.LOGIN);
        machine.onAuthenticated(ANN);
      }
      case DRAINING -> {
        bringTo(Kind.RUNNING);
        machine.onRequest();
        machine.onDrain();
      }
      case CLOSED -> machine.onClose(CloseReason.KILLED, "test", null);
    }
    assertThat(machine.state().kind()).isEqualTo(kind);
  }

  @Test
  void shouldGoThroughTheStatesInOrder() {
    assertThat(machine.state().kind()).isEqualTo(Kind.CONNECTED);
    machine.onGreeted();
    assertThat(machine.state().kind()).isEqualTo(Kind.LOGIN);
    assertThat(machine.isOpen()).isFalse();
    assertThat(machine.onAuthenticated(ANN)).isTrue();
    assertThat(machine.state().kind()).isEqualTo(Kind.RUNNING);
    assertThat(machine.isOpen()).isTrue();
    machine.onRequest();
    assertThat(machine.onDrain()).isTrue();
    assertThat(machine.state().kind()).isEqualTo(Kind.DRAINING);
    assertThat(machine.isOpen()).isTrue();
    machine.onReplyComplete();
    assertThat(machine.state().kind()).isEqualTo(Kind.CLOSED);
    assertThat(ends).singleElement().extracting("reason").isEqualTo(CloseReason.SHUTDOWN);
  }

  @ParameterizedTest
  @EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "CLOSED")
  void shouldCloseFromAnyStateOnceOnly(Kind from) {
    bringTo(from);
    Failure failure = Failure.passing(CloseReason.KILLED, "first", null);
    machine.onClose(CloseReason.KILLED, "first", failure);
    machine.onClose(CloseReason.CLIENT_LOST, "second", null);
    assertThat(ends).containsExactly(new SessionState.Closed(CloseReason.KILLED, "first", failure));
    assertThat(machine.isOpen()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"CONNECTED", "LOGIN", "RUNNING"})
  void shouldCloseAtOnceWhenNothingIsUnderWayAtTheDrain(Kind from) {
    bringTo(from);
    assertThat(machine.onDrain()).isFalse();
    assertThat(ends).singleElement().extracting("reason").isEqualTo(CloseReason.SHUTDOWN);
  }

  @Test
  void shouldKeepDrainingUntilTheLastAnswer() {
    bringTo(Kind.DRAINING);
    machine.onRequest();
    assertThat(machine.onDrain()).isTrue();
    machine.onReplyComplete();
    assertThat(ends).isEmpty();
    machine.onReplyComplete();
    assertThat(ends).hasSize(1);
  }

  @Test
  void shouldGoOnAfterAnAnswerWhenItIsNotDraining() {
    bringTo(Kind.RUNNING);
    machine.onRequest();
    machine.onReplyComplete();
    machine.onReplyComplete();
    assertThat(machine.pending()).isZero();
    assertThat(machine.state().kind()).isEqualTo(Kind.RUNNING);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"LOGIN", "RUNNING", "DRAINING"})
  void shouldRefuseAGreetingTwice(Kind from) {
    bringTo(from);
    assertThatThrownBy(machine::onGreeted)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(from.label())
        .hasMessageContaining("greeted");
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"CONNECTED", "RUNNING", "DRAINING"})
  void shouldRefuseALoginInTheWrongState(Kind from) {
    bringTo(from);
    assertThatThrownBy(() -> machine.onAuthenticated(BOB))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("authenticated");
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"RUNNING", "DRAINING"})
  void shouldTakeAnotherIdentityAfterTheLogin(Kind from) {
    bringTo(from);
    assertThat(machine.identity()).isEqualTo(ANN);
    machine.onIdentityChanged(BOB);
    assertThat(machine.identity()).isEqualTo(BOB);
    assertThat(machine.state().kind()).isEqualTo(from);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"CONNECTED", "LOGIN"})
  void shouldRefuseAnotherIdentityBeforeTheLogin(Kind from) {
    bringTo(from);
    assertThatThrownBy(() -> machine.onIdentityChanged(BOB))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void shouldIgnoreEverythingAfterTheEnd() {
    bringTo(Kind.CLOSED);
    machine.onGreeted();
    assertThat(machine.onAuthenticated(ANN)).isFalse();
    machine.onIdentityChanged(BOB);
    machine.onRequest();
    machine.onReplyComplete();
    assertThat(machine.onDrain()).isFalse();
    assertThat(machine.identity()).isNull();
    assertThat(ends).hasSize(1);
  }
}
