package io.sluice.mysql.account;

import io.sluice.mysql.constant.Privilege;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Where servers keep privileges: columns, bits of MariaDB's {@code access}, names of grants. */
final class Privileges {

  /** Columns of {@code mysql.user} on both families. */
  static final Map<String, Privilege> COLUMNS =
      Map.of(
          "Super_priv", Privilege.SUPER,
          "Process_priv", Privilege.PROCESS,
          "Reload_priv", Privilege.RELOAD,
          "Repl_slave_priv", Privilege.REPLICATION_SLAVE,
          "Repl_client_priv", Privilege.REPLICATION_CLIENT);

  /** Bits of {@code access} in {@code mysql.global_priv}; MariaDB since 10.5. */
  private static final Map<Privilege, Integer> ACCESS_BITS = new EnumMap<>(Privilege.class);

  static {
    ACCESS_BITS.put(Privilege.RELOAD, 6);
    ACCESS_BITS.put(Privilege.PROCESS, 8);
    ACCESS_BITS.put(Privilege.SUPER, 15);
    ACCESS_BITS.put(Privilege.REPLICATION_SLAVE, 19);
    ACCESS_BITS.put(Privilege.REPLICATION_CLIENT, 20);
    ACCESS_BITS.put(Privilege.CONNECTION_ADMIN, 32);
    ACCESS_BITS.put(Privilege.REPLICATION_SLAVE_ADMIN, 34);
    ACCESS_BITS.put(Privilege.REPLICATION_MASTER_ADMIN, 35);
    ACCESS_BITS.put(Privilege.BINLOG_ADMIN, 36);
    ACCESS_BITS.put(Privilege.REPLICA_MONITOR, 38);
  }

  private Privileges() {}

  static Set<Privilege> ofAccessBits(long access) {
    Set<Privilege> privileges = EnumSet.noneOf(Privilege.class);
    ACCESS_BITS.forEach(
        (privilege, bit) -> {
          if ((access >>> bit & 1) == 1) {
            privileges.add(privilege);
          }
        });
    return privileges;
  }

  /** The privilege that a GRANT calls so, in either family's words, upper case. */
  static Optional<Privilege> ofSqlName(String name) {
    String known =
        switch (name) {
          case "BINLOG MONITOR" -> "REPLICATION CLIENT";
          case "REPLICATION REPLICA" -> "REPLICATION SLAVE";
          case "REPLICATION REPLICA ADMIN" -> "REPLICATION SLAVE ADMIN";
          case "SLAVE MONITOR" -> "REPLICA MONITOR";
          default -> name;
        };
    return Arrays.stream(Privilege.values())
        .filter(privilege -> sqlName(privilege).equals(known.replace('_', ' ')))
        .findFirst();
  }

  static String sqlNames() {
    return Arrays.stream(Privilege.values())
        .map(Privileges::sqlName)
        .collect(Collectors.joining(", "));
  }

  private static String sqlName(Privilege privilege) {
    return privilege.name().replace('_', ' ');
  }
}
