package io.sluice.mysql.auth;

import static java.util.Objects.requireNonNull;

import io.sluice.api.session.Credentials;
import io.sluice.mysql.constant.Privilege;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * A client that has logged in: who it is, which account let it in, what it may do, and what can be
 * used to log in to servers as the same user. Immutable; never prints secrets.
 */
public final class ProvenCredentials implements Credentials {

  private final String user;
  private final String account;
  private final Proof proof;
  private final Set<Privilege> privileges;
  private final String serverUser;
  private final Proof serverProof;
  private final boolean mustChangePassword;

  /** The result of a login with a password that is not too old. */
  public ProvenCredentials(String user, String account, Proof proof, Set<Privilege> privileges) {
    this(user, account, proof, privileges, false);
  }

  /**
   * The result of a login.
   *
   * @param user the name that the client gave
   * @param account the account that matched, as {@code 'user'@'host pattern'}
   * @param proof what is known of the password
   * @param privileges the account's global privileges
   * @param mustChangePassword whether the password is too old to do anything else with it
   */
  public ProvenCredentials(
      String user,
      String account,
      Proof proof,
      Set<Privilege> privileges,
      boolean mustChangePassword) {
    this(user, account, proof, privileges, mustChangePassword, user, proof);
  }

  private ProvenCredentials(
      String user,
      String account,
      Proof proof,
      Set<Privilege> privileges,
      boolean mustChangePassword,
      String serverUser,
      Proof serverProof) {
    this.mustChangePassword = mustChangePassword;
    this.serverUser = requireNonNull(serverUser, "serverUser");
    this.serverProof = requireNonNull(serverProof, "serverProof");
    this.user = requireNonNull(user, "user");
    this.account = requireNonNull(account, "account");
    this.proof = requireNonNull(proof, "proof");
    Set<Privilege> copy = EnumSet.noneOf(Privilege.class);
    copy.addAll(privileges);
    this.privileges = Collections.unmodifiableSet(copy);
  }

  /** The same client, which is another user towards servers. */
  public ProvenCredentials asOnServers(String otherUser, Proof otherProof) {
    return new ProvenCredentials(
        user, account, proof, privileges, mustChangePassword, otherUser, otherProof);
  }

  /** The user that servers are logged in to as: the client's, if none is mapped to it. */
  public String serverUser() {
    return serverUser;
  }

  /** What servers are logged in to with. */
  public Proof serverProof() {
    return serverProof;
  }

  @Override
  public String user() {
    return user;
  }

  /** The account that matched, as {@code 'user'@'host pattern'}. */
  public String account() {
    return account;
  }

  /** What is known of the password. */
  public Proof proof() {
    return proof;
  }

  /** The account's global privileges, as granted. */
  public Set<Privilege> privileges() {
    return privileges;
  }

  /**
   * Whether the password has expired: servers let such a client do nothing but change it. A router
   * that answers by itself must hold to that.
   */
  public boolean mustChangePassword() {
    return mustChangePassword;
  }

  /**
   * Whether it has that privilege. What else SUPER is enough for depends on the statement and the
   * server's version: ask for it by name.
   */
  public boolean has(Privilege privilege) {
    return privileges.contains(privilege);
  }

  @Override
  public String toString() {
    return "ProvenCredentials[user=" + user + ", account=" + account + ", " + proof + "]";
  }
}
