package io.sluice.mysql.account;

import io.sluice.mysql.request.ServerGreeting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All accounts at one time. Immutable.
 *
 * <p>Matching follows servers: accounts are sorted by host from the most specific to the least, and
 * for one host named users come before the anonymous one; the first that fits decides, even if
 * another one further down would have let the client in.
 */
public final class AccountTable {

  /** Before anything was loaded. */
  public static final AccountTable NOTHING =
      new AccountTable(List.of(), "nothing", Instant.EPOCH, null);

  private static final Comparator<Account> ORDER =
      ((Comparator<Account>) (a, b) -> HostPattern.compareSpecificity(a.host(), b.host()))
          .thenComparing(account -> account.user().isEmpty());

  private final List<Account> accounts;
  private final String origin;
  private final Instant loadedAt;
  private final @Nullable ServerGreeting greeting;

  /**
   * A state.
   *
   * @param accounts in any order
   * @param origin where they came from, for the log and administrators
   * @param loadedAt when
   * @param greeting how the server that they came from greets; null when unknown
   */
  public AccountTable(
      List<Account> accounts, String origin, Instant loadedAt, @Nullable ServerGreeting greeting) {
    List<Account> sorted = new ArrayList<>(accounts);
    sorted.sort(ORDER);
    this.accounts = List.copyOf(sorted);
    this.origin = origin;
    this.loadedAt = loadedAt;
    this.greeting = greeting;
  }

  /** Whether there was ever something to load. */
  public boolean isLoaded() {
    return this != NOTHING;
  }

  /** The account that decides for that user and host. */
  public Optional<Account> match(String user, String host) {
    for (Account account : accounts) {
      if ((account.user().isEmpty() || account.user().equals(user))
          && account.host().matches(host)) {
        return Optional.of(account);
      }
    }
    return Optional.empty();
  }

  /** Why no account matched, for the log. */
  public String explainNoMatch(String user, String host) {
    if (!isLoaded()) {
      return "no accounts have been loaded";
    }
    List<String> hosts =
        accounts.stream()
            .filter(account -> account.user().equals(user))
            .map(account -> "'" + account.host() + "'")
            .toList();
    return hosts.isEmpty()
        ? "no account has this user name (" + accounts.size() + " accounts from " + origin + ")"
        : "the user's accounts are for other hosts: " + String.join(", ", hosts);
  }

  /** All accounts, sorted. */
  public List<Account> accounts() {
    return accounts;
  }

  /** Where they came from. */
  public String origin() {
    return origin;
  }

  /** When they were loaded. */
  public Instant loadedAt() {
    return loadedAt;
  }

  /** How the server that they came from greets; null when unknown. */
  public @Nullable ServerGreeting greeting() {
    return greeting;
  }
}
