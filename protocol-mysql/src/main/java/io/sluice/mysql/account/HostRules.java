package io.sluice.mysql.account;

import io.sluice.mysql.request.ServerGreeting;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * How a server takes the hosts of its accounts: which forms of a network it knows, and which of
 * several hosts that fit it calls the nearest. The families differ, and so do versions of MySQL.
 * Sources: the public MySQL manual, "Access Control, Stage 1" and "Specifying Account Names"; the
 * public MariaDB manual, "Account Names"; and what real servers do ({@code AccountsContract}).
 */
enum HostRules {
  /** The fewer addresses a pattern can fit the nearer it is. Networks are IPv4 with a mask. */
  MARIADB {
    @Override
    boolean knows(HostPattern pattern) {
      return pattern.isIpv4() && pattern.mask() == HostPattern.Mask.DOTTED;
    }

    @Override
    int compare(HostPattern a, HostPattern b) {
      return Long.compare(breadth(a.text()), breadth(b.text()));
    }
  },

  /** Before 8.0.23: the later the first wild character stands the nearer. */
  MYSQL_OLD {
    @Override
    boolean knows(HostPattern pattern) {
      return pattern.isIpv4() && pattern.mask() == HostPattern.Mask.DOTTED;
    }

    @Override
    int compare(HostPattern a, HostPattern b) {
      return Integer.compare(nearness(b.text()), nearness(a.text()));
    }
  },

  /** Since 8.0.23: also lengths of networks, and addresses and networks before names. */
  MYSQL {
    @Override
    boolean knows(HostPattern pattern) {
      return pattern.isIpv4();
    }

    @Override
    int compare(HostPattern a, HostPattern b) {
      boolean numbers = knows(a) && a.mask() != HostPattern.Mask.NONE;
      int byForm = Integer.compare(form(a), form(b));
      if (byForm != 0) {
        return byForm;
      }
      int byLength = numbers ? Integer.compare(b.prefixLength(), a.prefixLength()) : 0;
      return byLength != 0 ? byLength : Integer.compare(nearness(b.text()), nearness(a.text()));
    }

    private int form(HostPattern pattern) {
      if (!pattern.isIpv4()) {
        return 3;
      }
      return switch (pattern.mask()) {
        case NONE -> 0;
        case LENGTH -> 1;
        case DOTTED -> 2;
      };
    }
  },

  /** Accounts of the configuration: all forms, IPv6 too. */
  CONFIGURED {
    @Override
    boolean knows(HostPattern pattern) {
      return true;
    }

    @Override
    int compare(HostPattern a, HostPattern b) {
      return HostPattern.compareSpecificity(a, b);
    }
  };

  private static final int SORTED_AS_MYSQL_NOW = 80_023;

  /** The longest host that a table of MariaDB holds. */
  private static final long LONGEST = 255;

  private static final int MOST = 31;
  private static final int FULL = 128;
  private static final int FARTHEST = 127;

  /** Whether such a server takes it as a network, or an address, rather than as a name. */
  abstract boolean knows(HostPattern pattern);

  /** Orders from the nearest to the farthest; 0 where the order is not defined. */
  abstract int compare(HostPattern a, HostPattern b);

  /** From the nearest to the farthest account; for one host, named users come first. */
  Comparator<Account> order() {
    return ((Comparator<Account>) (a, b) -> compare(a.host(), b.host()))
        .thenComparing(account -> account.user().isEmpty())
        .thenComparing(account -> account.host().text(), Comparator.reverseOrder());
  }

  /** Those of the server that greets so; those of the configuration without one. */
  static HostRules of(@Nullable ServerGreeting greeting) {
    if (greeting == null) {
      return CONFIGURED;
    }
    if (greeting.isMariaDb()) {
      return MARIADB;
    }
    return greeting.versionId() >= SORTED_AS_MYSQL_NOW ? MYSQL : MYSQL_OLD;
  }

  /** MySQL: 128 without wild characters, else behind the first of them; 1 for {@code %} alone. */
  private static int nearness(String pattern) {
    int literal = Wildcards.literalPrefix(pattern);
    if (literal == pattern.length()) {
      return pattern.isEmpty() ? 0 : FULL;
    }
    return pattern.equals("%") ? 1 : Math.min(literal + 2, FARTHEST);
  }

  /**
   * MariaDB: grows with the number of texts that a pattern fits. What counts is first how many
   * characters are free (behind {@code %}, or one for each {@code _}), then how many wild
   * characters there are, then how much stands before the first.
   */
  private static long breadth(String pattern) {
    long fixed = 0;
    long single = 0;
    long many = 0;
    long prefix = 0;
    int at = 0;
    while (at < pattern.length()) {
      char c = pattern.charAt(at);
      if (c == '%' || c == '_') {
        prefix = many + single == 0 ? fixed : prefix;
        single += c == '_' ? 1 : 0;
        many += c == '%' && (at == 0 || pattern.charAt(at - 1) != '%') ? 1 : 0;
        at++;
      } else {
        fixed++;
        at += Wildcards.length(pattern, at);
      }
    }
    many = Math.min(many, MOST);
    single = Math.min(single, MOST);
    long free = many == 0 ? 0 : LONGEST - fixed - single;
    long base = LONGEST + 1;
    long width = MOST + 1;
    return free > single
        ? (((free * 2 + 1) * base + many) * width + single) * base + prefix
        : ((single * 2 * base + free) * width + many) * base + prefix;
  }
}
