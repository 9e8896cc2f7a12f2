package io.sluice.mysql.account;

import io.netty.util.concurrent.EventExecutor;
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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accounts as the service's servers have them: loaded when the listener begins, at an interval, and
 * when a login fails. A copy on disk stands in until a server answers, also after a restart.
 */
public final class LoadedAccounts implements AccountStore {

  private static final Logger LOGGER = LoggerFactory.getLogger(LoadedAccounts.class);

  /** Loads that logins cause begin at least this far apart. */
  private static final Duration GAP = Duration.ofSeconds(1);

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
  private final List<Waiter> waiters = new ArrayList<>();
  private boolean loading;
  private boolean closed;
  private long lastStart = System.nanoTime() - GAP.toNanos();
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
    boolean start;
    synchronized (lock) {
      start = !loading && System.nanoTime() - lastStart >= GAP.toNanos();
      if (closed || (!loading && !start)) {
        executor.execute(() -> done.accept(table));
        return;
      }
      Waiter waiter = new Waiter(executor, done);
      waiters.add(waiter);
      executor.schedule(() -> waiter.tell(table), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
    if (start) {
      load();
    }
  }

  private void load() {
    synchronized (lock) {
      if (loading || closed) {
        return;
      }
      loading = true;
      lastStart = System.nanoTime();
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
      boolean changed = !fresh.accounts().equals(table.accounts());
      boolean greets = fresh.greeting() != null && !fresh.greeting().equals(table.greeting());
      if (!problem.equals(outcome.problem()) || !table.isLoaded() || changed) {
        LOGGER
            .atInfo()
            .addKeyValue("service", service.name())
            .addKeyValue("accounts", fresh.accounts().size())
            .addKeyValue("source", fresh.origin())
            .log("accounts loaded");
      }
      problem = outcome.problem();
      table = fresh;
      if (changed || greets) {
        keep();
      }
    }
    List<Waiter> waiting;
    synchronized (lock) {
      loading = false;
      waiting = List.copyOf(waiters);
      waiters.clear();
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
                ? "accounts are loaded in part; roles and some privileges may be missing"
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
    view.put("last_problem", problem);
    return view;
  }

  @Override
  public void close() {
    timer.cancel(false);
    List<Waiter> waiting;
    synchronized (lock) {
      closed = true;
      waiting = List.copyOf(waiters);
      waiters.clear();
    }
    AccountTable now = table;
    for (Waiter waiter : waiting) {
      waiter.executor.execute(() -> waiter.tell(now));
    }
  }
}
