package io.sluice.mysql.account;

import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.api.context.ModuleContext;
import io.sluice.api.context.ServiceView;
import io.sluice.api.server.Server;
import io.sluice.api.server.ServerRole;
import io.sluice.api.session.Credentials;
import io.sluice.api.session.Failure;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.client.QueryClient;
import io.sluice.mysql.request.ServerGreeting;
import io.sluice.mysql.result.ResultSet;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One try to read the accounts of a service: asks its servers in order until one answers, writers
 * first. Everything runs on event loops and nothing blocks; one server at a time.
 */
final class AccountLoad {

  /** What came of it; beside a table the problem is what it may lack. */
  record Outcome(@Nullable AccountTable table, String problem) {}

  /** What it means that a server answers a question with an error. */
  private enum Lack {
    /** Nothing: not every server of that version has it. */
    NONE,
    /** Something is not known, which is told. */
    PART,
    /** Accounts cannot be told from those that let nobody in, so this server's are not taken. */
    ALL
  }

  /** A question, what takes the answer, and what it means that there is none. */
  private record Step(String query, Consumer<ResultSet> reading, Lack lack) {}

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  // Since these versions of MySQL.
  private static final int PASSWORD_LIFETIMES = 50_704;
  private static final int ROLES_AND_GRANTS = 80_000;

  /** Since this version of MariaDB the table of users is a view that tells nothing of locks. */
  private static final int LOCKS_ELSEWHERE = 100_400;

  private final ModuleContext context;
  private final ServiceView service;
  private final Credentials credentials;
  private final Consumer<Outcome> done;
  private final Deque<Server> candidates;
  private final List<String> problems = new ArrayList<>();

  AccountLoad(
      ModuleContext context, ServiceView service, Credentials credentials, Consumer<Outcome> done) {
    this.context = context;
    this.service = service;
    this.credentials = credentials;
    this.done = done;
    this.candidates = new ArrayDeque<>(order(service.servers()));
  }

  /** Writers first, then the others that can be used, then those that look down. */
  private static List<Server> order(List<Server> servers) {
    return Stream.of(
            servers.stream().filter(server -> server.state().is(ServerRole.WRITER)),
            servers.stream().filter(server -> server.state().isUsable()),
            servers.stream())
        .flatMap(stream -> stream)
        .distinct()
        .toList();
  }

  /** Begins; the outcome is told once, on some event loop. */
  void start() {
    next();
  }

  private void next() {
    @Nullable Server server = candidates.poll();
    if (server == null) {
      done.accept(
          new Outcome(
              null,
              problems.isEmpty() ? "the service has no servers" : String.join("; ", problems)));
      return;
    }
    new Attempt(server).start();
  }

  /** The dialogue with one server. */
  private final class Attempt implements QueryClient.Listener {
    private final Server server;
    private final Deque<Step> steps = new ArrayDeque<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<String> lacking = new ArrayList<>();
    private @Nullable ScheduledFuture<?> timeout;

    private Attempt(Server server) {
      this.server = server;
    }

    void start() {
      QueryClient client =
          QueryClient.open(
              context.internalClients(), service.name() + ": accounts", server, credentials, this);
      timeout =
          client
              .eventLoop()
              .schedule(
                  () -> end(client, "no answer within " + PATIENCE.toSeconds() + "s"),
                  PATIENCE.toMillis(),
                  TimeUnit.MILLISECONDS);
    }

    @Override
    public void onReady(QueryClient client) {
      boolean mariaDb = greeting().map(ServerGreeting::isMariaDb).orElse(true);
      AccountReader reader =
          new AccountReader(mariaDb ? greeting().map(ServerGreeting::versionId).orElse(0) : 0);
      if (mariaDb) {
        steps.add(
            new Step(
                AccountReader.GLOBAL_PRIV,
                reader::globalPriv,
                greeting().map(ServerGreeting::versionId).orElse(0) >= LOCKS_ELSEWHERE
                    ? Lack.ALL
                    : Lack.NONE));
        steps.add(new Step(AccountReader.ROLES, reader::rolesMapping, Lack.NONE));
      } else {
        int version = greeting().map(ServerGreeting::versionId).orElse(0);
        if (version >= PASSWORD_LIFETIMES) {
          steps.add(new Step(AccountReader.EXPIRIES, reader::expiries, Lack.PART));
        }
        if (version >= ROLES_AND_GRANTS) {
          steps.add(new Step(AccountReader.GLOBAL_GRANTS, reader::globalGrants, Lack.PART));
          steps.add(new Step(MySqlRoles.EDGES, reader.mySqlRoles()::edges, Lack.PART));
          steps.add(new Step(MySqlRoles.DEFAULTS, reader.mySqlRoles()::defaults, Lack.PART));
          steps.add(new Step(MySqlRoles.VARIABLES, reader.mySqlRoles()::variables, Lack.PART));
        }
      }
      steps.add(new Step(DatabaseReader.VARIABLES, reader.databases()::variables, Lack.PART));
      steps.add(new Step(DatabaseReader.GRANTS, reader.databases()::grants, Lack.PART));
      steps.add(new Step(DatabaseReader.TABLES, reader.databases()::parts, Lack.PART));
      steps.add(new Step(DatabaseReader.ROUTINES, reader.databases()::parts, Lack.PART));
      steps.add(new Step(DatabaseReader.NAMES, reader.databases()::names, Lack.NONE));
      steps.add(new Step(DatabaseReader.OWN_GRANTS, reader.databases()::ownGrants, Lack.NONE));
      client.query(
          AccountReader.USERS,
          new QueryClient.Answer() {
            @Override
            public void onResult(ResultSet result) {
              reader.users(result);
              more(client, reader);
            }

            @Override
            public void onError(ReplyError error) {
              end(client, error + "; " + hint());
            }
          });
    }

    @Override
    public void onFailure(QueryClient client, Failure failure) {
      end(client, failure.message());
    }

    /** What only newer versions of one family have; an older MariaDB just refuses. */
    private void more(QueryClient client, AccountReader reader) {
      Step step = steps.poll();
      if (step == null) {
        succeed(client, reader);
        return;
      }
      client.query(
          step.query(),
          new QueryClient.Answer() {
            @Override
            public void onResult(ResultSet result) {
              step.reading().accept(result);
              more(client, reader);
            }

            @Override
            public void onError(ReplyError error) {
              if (step.lack() == Lack.ALL) {
                end(client, error + "; " + hint());
                return;
              }
              if (step.lack() == Lack.PART) {
                lacking.add(error.toString());
              }
              more(client, reader);
            }
          });
    }

    private void succeed(QueryClient client, AccountReader reader) {
      if (over.compareAndSet(false, true)) {
        cleanUp(client);
        done.accept(
            new Outcome(
                new AccountTable(
                    reader.accounts(),
                    "server " + server.name(),
                    context.clock().instant(),
                    greeting().orElse(null),
                    reader.rules()),
                lacking.isEmpty() ? "" : String.join("; ", lacking) + "; " + hint()));
      }
    }

    private void end(QueryClient client, String problem) {
      if (over.compareAndSet(false, true)) {
        cleanUp(client);
        problems.add("server " + server.name() + ": " + problem);
        next();
      }
    }

    private void cleanUp(QueryClient client) {
      ScheduledFuture<?> running = timeout;
      if (running != null) {
        running.cancel(false);
      }
      client.close();
    }

    private Optional<ServerGreeting> greeting() {
      return server.attributes().get(ServerGreeting.KEY);
    }

    private String hint() {
      return String.format(
          Locale.ROOT,
          "the service's user needs: GRANT SELECT ON mysql.* TO '%s'@'<address of this proxy>'",
          credentials.user());
    }
  }
}
