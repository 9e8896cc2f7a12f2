package io.sluice.mysql.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.api.context.InternalClient;
import io.sluice.api.context.InternalClients;
import io.sluice.api.session.Endpoint;
import io.sluice.api.session.EndpointHandler;
import io.sluice.api.session.Identity;
import io.sluice.api.session.Message;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.mysql.request.ClientState;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueryKillerTest {

  private final FakeBackendContext context =
      new FakeBackendContext(
          new Identity(new PasswordCredentials("u", "p"), "h", ClientState.INTERNAL));
  private final EmbeddedChannel side = new EmbeddedChannel();
  private final InternalClient opened = mock(InternalClient.class);
  private final Endpoint endpoint = mock(Endpoint.class);
  private EndpointHandler handler;

  @AfterEach
  void tearDown() {
    side.finishAndReleaseAll();
    context.channel.finishAndReleaseAll();
  }

  private CompletableFuture<Void> kill() {
    InternalClients clients = mock(InternalClients.class);
    when(opened.eventLoop()).thenReturn(side.eventLoop());
    when(opened.endpoint()).thenReturn(endpoint);
    doAnswer(call -> call.<Message>getArgument(0).content().release())
        .when(endpoint)
        .routeQuery(any());
    when(clients.open(any(), any(), any(), any(), any()))
        .thenAnswer(
            call -> {
              handler = call.getArgument(4);
              return opened;
            });
    return QueryKiller.kill(clients, context, 7, () -> true);
  }

  @Test
  void shouldGiveUpAServerThatDoesNotAnswer() {
    CompletableFuture<Void> done = kill();
    handler.endpointReady(endpoint);
    context.channel.runPendingTasks();
    side.runPendingTasks();
    verify(endpoint).routeQuery(any(Message.class));
    assertThat(done).isNotDone();

    side.advanceTimeBy(10, TimeUnit.SECONDS);
    side.runScheduledPendingTasks();

    assertThat(done)
        .isCompletedExceptionally()
        .failsWithin(0, TimeUnit.SECONDS)
        .withThrowableThat()
        .withMessageContaining("no answer of the server within 10s");
    verify(opened).close();
  }
}
