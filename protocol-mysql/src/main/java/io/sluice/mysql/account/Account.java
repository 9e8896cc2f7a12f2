package io.sluice.mysql.account;

import static java.util.Objects.requireNonNull;

import io.sluice.mysql.auth.AuthPlugin;
import io.sluice.mysql.auth.StoredVerifier;
import io.sluice.mysql.constant.Privilege;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One account. Immutable; never prints hashes.
 *
 * @param user the name, empty for the anonymous account
 * @param host from where
 * @param methods the ways to authenticate, any of which is enough; the first is preferred
 * @param privileges the global privileges that the proxy looks at
 * @param locked whether nobody may log in with it
 * @param expired whether its password was set to be changed before anything else
 * @param tls what it asks of the connection
 * @param expiresAt from when on its password must be changed; null if never
 */
public record Account(
    String user,
    HostPattern host,
    List<StoredAuth> methods,
    Set<Privilege> privileges,
    boolean locked,
    boolean expired,
    TlsDemand tls,
    @Nullable Instant expiresAt) {

  /** Copies the collections. */
  public Account {
    requireNonNull(user, "user");
    requireNonNull(host, "host");
    methods = List.copyOf(methods);
    privileges = Set.copyOf(privileges);
  }

  /** With a password that does not grow old. */
  public Account(
      String user,
      HostPattern host,
      List<StoredAuth> methods,
      Set<Privilege> privileges,
      boolean locked,
      boolean expired,
      TlsRequirement tls) {
    this(user, host, methods, privileges, locked, expired, TlsDemand.of(tls), null);
  }

  /** Whether its password must be changed before anything else. */
  public boolean isExpired(Instant now) {
    return expired || (expiresAt != null && !now.isBefore(expiresAt));
  }

  /** The name as servers write it: {@code 'user'@'host'}. */
  public String name() {
    return "'" + user + "'@'" + host + "'";
  }

  /**
   * What a client may be checked by, each of which is enough, in the order to try them: the method
   * that the client named, then those that reveal what servers take, then those that sign; within
   * these as the account has them. Those that let nobody in are only there if no other is.
   *
   * @return empty when the account allows no method that is spoken
   */
  public List<StoredVerifier> verifiersFor(@Nullable AuthPlugin clientMethod) {
    List<StoredVerifier> usable = new ArrayList<>();
    List<StoredVerifier> hopeless = new ArrayList<>();
    for (StoredAuth method : methods) {
      StoredVerifier verifier = method.verifier();
      if (verifier != null) {
        (verifier.isWellFormed() ? usable : hopeless).add(verifier);
      }
    }
    usable.sort(
        Comparator.comparing((StoredVerifier verifier) -> verifier.plugin() != clientMethod)
            .thenComparing(verifier -> verifier.plugin().signs()));
    return usable.isEmpty() ? hopeless.stream().limit(1).toList() : usable;
  }

  /** The names of its methods, for the log. */
  public String methodNames() {
    return String.join(" or ", methods.stream().map(StoredAuth::plugin).toList());
  }
}
