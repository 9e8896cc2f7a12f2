package io.sluice.mysql.account;

import io.sluice.api.session.ReplyError;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.constant.Privilege;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which accounts may make which database their default one, and which databases there are.
 * Immutable.
 *
 * <p>It refuses only what the server is known to refuse. Where the grants or the list of databases
 * could not be read, and for privileges that count in a way that is not followed, the server itself
 * decides when a connection to it is made.
 */
public final class DatabaseAccess {

  /** Nothing is known: everything is left to the server. */
  public static final DatabaseAccess UNKNOWN = new DatabaseAccess(null, null, false);

  /** Which global privileges are for databases too. */
  private static final Set<Privilege> FOR_DATABASES =
      EnumSet.of(
          Privilege.SELECT,
          Privilege.INSERT,
          Privilege.UPDATE,
          Privilege.DELETE,
          Privilege.CREATE,
          Privilege.DROP,
          Privilege.GRANT_OPTION,
          Privilege.REFERENCES,
          Privilege.INDEX,
          Privilege.ALTER,
          Privilege.CREATE_TEMPORARY_TABLES,
          Privilege.LOCK_TABLES,
          Privilege.EXECUTE,
          Privilege.CREATE_VIEW,
          Privilege.SHOW_VIEW,
          Privilege.CREATE_ROUTINE,
          Privilege.ALTER_ROUTINE,
          Privilege.EVENT,
          Privilege.TRIGGER,
          Privilege.DELETE_HISTORY,
          Privilege.SHOW_CREATE_ROUTINE);

  /** Everybody may look into it. */
  private static final String OPEN = "information_schema";

  /**
   * A grant that is enough to begin in a database.
   *
   * @param user for whom; empty for everybody
   * @param host from where
   * @param database in which, a pattern unless {@code exact}
   * @param exact whether the name has no wild characters
   */
  public record Grant(String user, HostPattern host, String database, boolean exact) {

    private boolean fits(String wanted, String client, HostRules hosts) {
      return (exact ? database.equals(wanted) : Wildcards.fits(database, wanted))
          && host.matches(client, hosts);
    }
  }

  private final @Nullable Map<String, List<Grant>> grants;
  private final @Nullable Set<String> names;
  private final boolean lowerCase;

  private DatabaseAccess(
      @Nullable Map<String, List<Grant>> grants, @Nullable Set<String> names, boolean lowerCase) {
    this.grants = grants;
    this.names = names;
    this.lowerCase = lowerCase;
  }

  /**
   * What a server says.
   *
   * @param grants all there are
   * @param names all databases; null if the list could not be read or is not complete
   * @param lowerCase whether capital and small letters are the same in names
   */
  public static DatabaseAccess of(
      List<Grant> grants, @Nullable Set<String> names, boolean lowerCase) {
    Map<String, List<Grant>> byUser = new HashMap<>();
    for (Grant grant : grants) {
      Grant kept =
          lowerCase
              ? new Grant(
                  grant.user(),
                  grant.host(),
                  grant.database().toLowerCase(Locale.ROOT),
                  grant.exact())
              : grant;
      byUser.computeIfAbsent(grant.user(), user -> new ArrayList<>()).add(kept);
    }
    Set<String> all = names == null ? null : new TreeSet<>();
    if (all != null && names != null) {
      names.forEach(name -> all.add(lowerCase ? name.toLowerCase(Locale.ROOT) : name));
    }
    return new DatabaseAccess(byUser, all, lowerCase);
  }

  /** Whether the grants are known. */
  public boolean isKnown() {
    return grants != null;
  }

  /** All grants. */
  List<Grant> grants() {
    Map<String, List<Grant>> known = grants;
    return known == null ? List.of() : known.values().stream().flatMap(List::stream).toList();
  }

  /** All databases; null when the list is not complete. */
  @Nullable Set<String> names() {
    return names;
  }

  boolean isLowerCase() {
    return lowerCase;
  }

  @Nullable ReplyError refuse(Account account, String client, HostRules hosts, String database) {
    Map<String, List<Grant>> known = grants;
    if (known == null || database.equalsIgnoreCase(OPEN)) {
      return null;
    }
    String wanted = lowerCase ? database.toLowerCase(Locale.ROOT) : database;
    boolean allowed =
        account.privileges().stream().anyMatch(FOR_DATABASES::contains)
            || has(known, account.user(), client, hosts, wanted)
            || has(known, "", client, hosts, wanted);
    if (!allowed) {
      return ErrorCode.DB_ACCESS_DENIED.error(
          "Access denied for user " + account.name() + " to database '" + database + "'");
    }
    return names == null || names.contains(wanted)
        ? null
        : ErrorCode.BAD_DB.error("Unknown database '" + database + "'");
  }

  private static boolean has(
      Map<String, List<Grant>> grants, String user, String client, HostRules hosts, String wanted) {
    return grants.getOrDefault(user, List.of()).stream()
        .anyMatch(grant -> grant.fits(wanted, client, hosts));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DatabaseAccess access
        && lowerCase == access.lowerCase
        && Objects.equals(grants, access.grants)
        && Objects.equals(names, access.names);
  }

  @Override
  public int hashCode() {
    return Objects.hash(grants, names, lowerCase);
  }
}
