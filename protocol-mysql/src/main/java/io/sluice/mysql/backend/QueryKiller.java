package io.sluice.mysql.backend;

import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.api.context.InternalClients;
import io.sluice.api.protocol.BackendContext;
import io.sluice.api.session.Failure;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.client.QueryClient;
import io.sluice.mysql.result.ResultSet;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Breaks off a query at its server: logs in beside it as the same user and kills it by the server's
 * own number of the connection.
 */
final class QueryKiller implements QueryClient.Listener, QueryClient.Answer {

  private static final String PURPOSE = "mysql: kill query";

  /** How long the server may take once it is logged in to; the login has a limit of its own. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final BackendContext context;
  private final long connectionId;
  private final BooleanSupplier stillWanted;
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  private QueryKiller(BackendContext context, long connectionId, BooleanSupplier stillWanted) {
    this.context = context;
    this.connectionId = connectionId;
    this.stillWanted = stillWanted;
  }

  /**
   * Does it.
   *
   * @param context of the connection where the query runs
   * @param connectionId the server's number of that connection
   * @param stillWanted asked on the event loop of that connection, just before
   * @return done when the server has agreed or it is no longer wanted; fails if the server does not
   *     answer
   */
  static CompletableFuture<Void> kill(
      InternalClients clients,
      BackendContext context,
      long connectionId,
      BooleanSupplier stillWanted) {
    QueryKiller killer = new QueryKiller(context, connectionId, stillWanted);
    QueryClient client =
        QueryClient.open(
            clients, PURPOSE, context.server(), context.identity().credentials(), killer);
    killer.done.whenComplete((told, cause) -> client.close());
    return killer.done;
  }

  @Override
  public void onReady(QueryClient client) {
    ScheduledFuture<?> timeout =
        client
            .eventLoop()
            .schedule(
                () ->
                    done.completeExceptionally(
                        new IllegalStateException(
                            "no answer of the server within " + PATIENCE.toSeconds() + "s")),
                PATIENCE.toMillis(),
                TimeUnit.MILLISECONDS);
    done.whenComplete((told, cause) -> timeout.cancel(false));
    context
        .channel()
        .eventLoop()
        .execute(
            () -> {
              if (stillWanted.getAsBoolean()) {
                client.query("KILL QUERY " + connectionId, this);
              } else {
                done.complete(null);
              }
            });
  }

  @Override
  public void onFailure(QueryClient client, Failure failure) {
    done.completeExceptionally(new IllegalStateException(failure.message()));
  }

  @Override
  public void onResult(ResultSet result) {
    done.complete(null);
  }

  @Override
  public void onError(ReplyError error) {
    done.completeExceptionally(new IllegalStateException(error.toString()));
  }
}
