package io.sluice.mysql.account;

import io.sluice.api.session.ReplyError;
import io.sluice.mysql.request.ServerGreeting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All accounts at one time. Immutable.
 *
 * <p>Matching follows the server that they came from: accounts are sorted by host from the most
 * specific to the least, and for one host named users come before the anonymous one; the first that
 * fits decides, even if another one further down would have let the client in.
 */
public final class AccountTable {

  /** Before anything was loaded. */
  public static final AccountTable NOTHING =
      new AccountTable(List.of(), "nothing", Instant.EPOCH, null);

  private final List<Account> accounts;
  private final String origin;
  private final Instant loadedAt;
  private final @Nullable ServerGreeting greeting;
  private final ServerRules rules;
  private final HostRules hosts;

  /** A state of accounts of which nothing but they themselves is known. */
  public AccountTable(
      List<Account> accounts, String origin, Instant loadedAt, @Nullable ServerGreeting greeting) {
    this(accounts, origin, loadedAt, greeting, ServerRules.NONE);
  }

  /**
   * A state.
   *
   * @param accounts in any order
   * @param origin where they came from, for the log and administrators
   * @param loadedAt when
   * @param greeting how the server that they came from greets; null when unknown
   * @param rules what else that server goes by at logins
   */
  public AccountTable(
      List<Account> accounts,
      String origin,
      Instant loadedAt,
      @Nullable ServerGreeting greeting,
      ServerRules rules) {
    this.hosts = HostRules.of(greeting);
    this.rules = rules;
    List<Account> sorted = new ArrayList<>(accounts);
    sorted.sort(hosts.order());
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
          && account.host().matches(host, hosts)) {
        return Optional.of(account);
      }
    }
    return Optional.empty();
  }

  /** Whether some account is for clients from there, whoever they are. */
  public boolean admits(String host) {
    return accounts.stream().anyMatch(account -> account.host().matches(host, hosts));
  }

  /**
   * Whether the account may begin in that database.
   *
   * @return the error that the server would tell; null if it may, or if only the server knows
   */
  public @Nullable ReplyError refuseDatabase(Account account, String host, String database) {
    return rules.databases().refuse(account, host, hosts, database);
  }

  /**
   * What may surprise whoever looks for the reason of a refused login: that a nearer host's
   * anonymous account stands before one with the user's name. Empty if it is not so.
   */
  public String explainMatch(Account matched, String user, String host) {
    if (!matched.user().isEmpty() || user.isEmpty()) {
      return "";
    }
    return accounts.stream()
        .filter(account -> account.user().equals(user) && account.host().matches(host, hosts))
        .findFirst()
        .map(
            named -> "; the anonymous account has the nearer host and comes before " + named.name())
        .orElse("");
  }

  /** Why no account matched, for the log. */
  public String explainNoMatch(String user, String host) {
    if (!isLoaded()) {
      return "no accounts have been loaded";
    }
    List<String> others =
        accounts.stream()
            .filter(account -> account.user().equals(user))
            .map(account -> "'" + account.host() + "'")
            .toList();
    return others.isEmpty()
        ? "no account has this user name (" + accounts.size() + " accounts from " + origin + ")"
        : "the user's accounts are for other hosts: "
            + String.join(", ", others)
            + " (host names are not looked up)";
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

  /** What else the server goes by at logins. */
  public ServerRules rules() {
    return rules;
  }

  /** How the server that they came from greets; null when unknown. */
  public @Nullable ServerGreeting greeting() {
    return greeting;
  }
}
