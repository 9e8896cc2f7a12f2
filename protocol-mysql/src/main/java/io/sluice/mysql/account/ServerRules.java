package io.sluice.mysql.account;

/**
 * What a server goes by at logins, beside its accounts. Immutable.
 *
 * @param refusesExpired whether a client that cannot cope with an expired password is refused;
 *     otherwise it is let in and may only change the password
 * @param databases who may begin in which database
 */
public record ServerRules(boolean refusesExpired, DatabaseAccess databases) {

  /** Where no server is: an expired password refuses, databases are not looked at. */
  public static final ServerRules NONE = new ServerRules(true, DatabaseAccess.UNKNOWN);
}
