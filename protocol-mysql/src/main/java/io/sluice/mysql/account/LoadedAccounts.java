package io.sluice.mysql.account;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.api.context.ModuleContext;
import io.sluice.api.context.ServiceView;
import io.sluice.api.session.Credentials;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accounts as the service's servers have them: loaded when the listener begins, at an interval,
 * when a login fails and when an administrator says so. A copy on disk stands in until a server
 * answers, also after a restart.
 *
 * <p>A login that failed waits for a load that begins after it: one under way may have read the
 * tables before the account was changed. Only the first load is good for whoever waits already.
 */
public final class LoadedAccounts implements AccountStore {

  private static final Logger LOGGER = LoggerFactory.getLogger(LoadedAccounts.class);

  /** Loads that logins cause begin that far apart in the long run. */
  private static final Duration GAP = Duration.ofSeconds(1);

  /** So many of them may follow each other at once. */
  private static final int BURST = 5;

  /** The same trouble is told again after this time. */
  private static final Duration REMIND = Duration.ofMinutes(5);

  /** A login waits no longer than this; its own time is limited too. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** Somebody who waits for a load; told once, on its executor. */
  private static final class Waiter {
    private final EventExecutor executor;
    private @Nullable Consumer<AccountTable> done;

    private Waiter(EventExecutor executor, Consumer<AccountTable> done) {
      this.executor = executor;
      this.done = done;
    }

    private void tell(AccountTable table) {
      Consumer<AccountTable> waiting = done;
      done = null;
      if (waiting != null) {
        waiting.accept(table);
      }
    }
  }

  private final ModuleContext context;
  private final ServiceView service;
  private final Credentials credentials;
  private final AccountCacheFile file;
  private volatile AccountTable table;
  private volatile String problem = "";

  private final Object lock = new Object();
  private final LoadGate gate = new LoadGate(GAP, BURST, System.nanoTime());
  private List<Waiter> waiters = new ArrayList<>();
  private List<Waiter> served = new ArrayList<>();
  private boolean loading;
  private boolean planned;
  private boolean closed;
  private String toldProblem = "";
  private long toldAt;
  private final ScheduledFuture<?> timer;

  /**
   * Reads the copy on disk and begins to load. Blocks for the file only.
   *
   * @param credentials the service's user, where the service does not name another one later
   * @param interval from one load to the next
   */
  public LoadedAccounts(
      ModuleContext context, ServiceView service, Credentials credentials, Duration interval) {
    this.context = context;
    this.service = service;
    this.credentials = credentials;
    this.file = new AccountCacheFile(context.dataDirectory());
    @Nullable AccountTable kept = file.load();
    this.table = kept == null ? AccountTable.NOTHING : kept;
    if (kept != null) {
      LOGGER
          .atInfo()
          .addKeyValue("service", service.name())
          .addKeyValue("accounts", kept.accounts().size())
          .addKeyValue("loaded_at", kept.loadedAt())
          .log("accounts of the last run are used until a server answers");
    }
    this.timer =
        context
            .eventLoops()
            .scheduleWithFixedDelay(
                this::load, 0, Math.max(interval.toMillis(), 1), TimeUnit.MILLISECONDS);
  }

  @Override
  public AccountTable current() {
    return table;
  }

  @Override
  public void refresh(EventExecutor executor, Consumer<AccountTable> done) {
    Waiter waiter = new Waiter(executor, done);
    synchronized (lock) {
      if (closed) {
        executor.execute(() -> done.accept(table));
        return;
      }
      executor.schedule(() -> waiter.tell(table), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (loading && !table.isLoaded()) {
        served.add(waiter);
        return;
      }
      waiters.add(waiter);
    }
    plan();
  }

  /** Sees to it that those who wait get a load, as soon as none is under way and it may begin. */
  private void plan() {
    long wait;
    synchronized (lock) {
      if (loading || planned || closed || waiters.isEmpty()) {
        return;
      }
      planned = true;
      wait = gate.take(System.nanoTime());
    }
    if (wait == 0) {
      load();
    } else {
      context.eventLoops().schedule(this::load, wait, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public CompletableFuture<String> reload() {
    CompletableFuture<String> done = new CompletableFuture<>();
    synchronized (lock) {
      if (closed) {
        return CompletableFuture.completedFuture("the listener stops");
      }
      waiters.add(new Waiter(ImmediateEventExecutor.INSTANCE, now -> done.complete(problem)));
    }
    load();
    return done;
  }

  private void load() {
    synchronized (lock) {
      planned = false;
      if (loading || closed) {
        return;
      }
      loading = true;
      served = waiters;
      waiters = new ArrayList<>();
    }
    try {
      Credentials user = service.credentials().orElse(credentials);
      new AccountLoad(context, service, user, this::loaded).start();
    } catch (RuntimeException e) {
      LOGGER.atError().addKeyValue("service", service.name()).setCause(e).log("account load broke");
      loaded(new AccountLoad.Outcome(null, "internal error"));
    }
  }

  private void loaded(AccountLoad.Outcome outcome) {
    AccountTable fresh = outcome.table();
    if (fresh == null) {
      problem = outcome.problem();
    } else {
      AccountTable before = table;
      boolean changed = !fresh.accounts().equals(before.accounts());
      boolean greets = fresh.greeting() != null && !fresh.greeting().equals(before.greeting());
      if (!problem.equals(outcome.problem()) || !before.isLoaded() || changed) {
        LOGGER
            .atInfo()
            .addKeyValue("service", service.name())
            .addKeyValue("accounts", fresh.accounts().size())
            .addKeyValue("source", fresh.origin())
            .log("accounts loaded");
      }
      problem = outcome.problem();
      table = fresh;
      boolean ruled = !fresh.rules().equals(before.rules());
      if (changed || greets || ruled) {
        keep();
      }
    }
    List<Waiter> waiting;
    synchronized (lock) {
      loading = false;
      waiting = List.copyOf(served);
      served = new ArrayList<>();
      if (outcome.problem().isEmpty()) {
        toldProblem = "";
      } else {
        tell(outcome.problem(), fresh != null);
      }
    }
    AccountTable now = table;
    for (Waiter waiter : waiting) {
      try {
        waiter.executor.execute(() -> waiter.tell(now));
      } catch (RejectedExecutionException e) {
        LOGGER.atDebug().log("a login that waited for accounts is gone with its event loop");
      }
    }
    plan();
  }

  private List<Waiter> all() {
    List<Waiter> all = new ArrayList<>(waiters);
    all.addAll(served);
    waiters.clear();
    served = new ArrayList<>();
    return all;
  }

  private void tell(String text, boolean loaded) {
    long now = System.nanoTime();
    if (closed || (text.equals(toldProblem) && now - toldAt < REMIND.toNanos())) {
      return;
    }
    toldProblem = text;
    toldAt = now;
    LOGGER
        .atWarn()
        .addKeyValue("service", service.name())
        .addKeyValue("user", credentials.user())
        .addKeyValue("problem", text)
        .addKeyValue("accounts", table.accounts().size())
        .log(
            loaded
                ? "accounts are loaded in part; roles, some privileges and what is known of databases may be missing"
                : "accounts cannot be loaded; logins are checked against those known so far");
  }

  private void keep() {
    try {
      context
          .blockingExecutor()
          .execute(
              () -> {
                try {
                  file.save(table);
                } catch (IOException e) {
                  LOGGER
                      .atWarn()
                      .addKeyValue("service", service.name())
                      .setCause(e)
                      .log("account cache cannot be written");
                }
              });
    } catch (RejectedExecutionException e) {
      LOGGER.atDebug().log("account cache not written: stopping");
    }
  }

  @Override
  public Map<String, Object> diagnostics() {
    AccountTable now = table;
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("accounts", now.accounts().size());
    view.put("source", now.origin());
    if (now.isLoaded()) {
      view.put("loaded_at", now.loadedAt().toString());
    }
    Set<String> names = now.rules().databases().names();
    view.put("databases", names == null ? "not all can be seen" : names.size());
    view.put("last_problem", problem);
    return view;
  }

  @Override
  public void close() {
    timer.cancel(false);
    List<Waiter> waiting;
    synchronized (lock) {
      closed = true;
      waiting = all();
    }
    AccountTable now = table;
    for (Waiter waiter : waiting) {
      waiter.executor.execute(() -> waiter.tell(now));
    }
  }
}
