package io.sluice.mysql.account;

import static java.util.Map.entry;

import io.sluice.mysql.constant.Privilege;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Where servers keep privileges: columns, bits of MariaDB's {@code access}, names of grants. */
final class Privileges {

  /** Columns of {@code mysql.user} on both families. */
  static final Map<String, Privilege> COLUMNS =
      Map.ofEntries(
          entry("Select_priv", Privilege.SELECT),
          entry("Insert_priv", Privilege.INSERT),
          entry("Update_priv", Privilege.UPDATE),
          entry("Delete_priv", Privilege.DELETE),
          entry("Create_priv", Privilege.CREATE),
          entry("Drop_priv", Privilege.DROP),
          entry("Reload_priv", Privilege.RELOAD),
          entry("Shutdown_priv", Privilege.SHUTDOWN),
          entry("Process_priv", Privilege.PROCESS),
          entry("File_priv", Privilege.FILE),
          entry("Grant_priv", Privilege.GRANT_OPTION),
          entry("References_priv", Privilege.REFERENCES),
          entry("Index_priv", Privilege.INDEX),
          entry("Alter_priv", Privilege.ALTER),
          entry("Show_db_priv", Privilege.SHOW_DATABASES),
          entry("Super_priv", Privilege.SUPER),
          entry("Create_tmp_table_priv", Privilege.CREATE_TEMPORARY_TABLES),
          entry("Lock_tables_priv", Privilege.LOCK_TABLES),
          entry("Execute_priv", Privilege.EXECUTE),
          entry("Repl_slave_priv", Privilege.REPLICATION_SLAVE),
          entry("Repl_client_priv", Privilege.REPLICATION_CLIENT),
          entry("Create_view_priv", Privilege.CREATE_VIEW),
          entry("Show_view_priv", Privilege.SHOW_VIEW),
          entry("Create_routine_priv", Privilege.CREATE_ROUTINE),
          entry("Alter_routine_priv", Privilege.ALTER_ROUTINE),
          entry("Create_user_priv", Privilege.CREATE_USER),
          entry("Event_priv", Privilege.EVENT),
          entry("Trigger_priv", Privilege.TRIGGER),
          entry("Create_tablespace_priv", Privilege.CREATE_TABLESPACE),
          entry("Delete_history_priv", Privilege.DELETE_HISTORY),
          entry("Create_role_priv", Privilege.CREATE_ROLE),
          entry("Drop_role_priv", Privilege.DROP_ROLE));

  /** What 10.5.2 split off from SUPER, and gave to all who had it. */
  private static final Set<Privilege> SPLIT_OFF =
      EnumSet.of(
          Privilege.SET_USER,
          Privilege.FEDERATED_ADMIN,
          Privilege.CONNECTION_ADMIN,
          Privilege.READ_ONLY_ADMIN,
          Privilege.REPLICATION_SLAVE_ADMIN,
          Privilege.BINLOG_ADMIN,
          Privilege.BINLOG_REPLAY);

  /** What SUPER stood for until 11.0 took it away, and gave to all who had it. */
  private static final Set<Privilege> TAKEN_FROM_SUPER =
      EnumSet.of(
          Privilege.REPLICATION_CLIENT,
          Privilege.SET_USER,
          Privilege.FEDERATED_ADMIN,
          Privilege.CONNECTION_ADMIN,
          Privilege.REPLICATION_SLAVE_ADMIN,
          Privilege.REPLICATION_MASTER_ADMIN,
          Privilege.BINLOG_ADMIN,
          Privilege.BINLOG_REPLAY,
          Privilege.REPLICA_MONITOR);

  private static final long NEW_NAMES = 100502;
  private static final long SLAVE_MONITOR = 100508;
  private static final long READ_ONLY = 101100;
  private static final long SUPER_REDUCED = 110000;

  private Privileges() {}

  /**
   * What the number in {@code mysql.global_priv} means.
   *
   * @param access the bits
   * @param written the version of the server that wrote them, such as 101119; 0 for one that did
   *     not say
   * @param server the version of the server that uses them now; it gives accounts of older versions
   *     what their privileges were split into
   */
  static Set<Privilege> ofAccessBits(long access, long written, long server) {
    Set<Privilege> granted = EnumSet.noneOf(Privilege.class);
    for (Privilege privilege : Privilege.values()) {
      boolean known = written >= NEW_NAMES || privilege.bit() <= Privilege.DELETE_HISTORY.bit();
      if (known && privilege.isOfMariaDb() && (access >>> privilege.bit() & 1) == 1) {
        granted.add(privilege);
      }
    }
    expand(granted, written, server);
    return granted;
  }

  /** Adds what a server gives to accounts whose privileges an older one wrote. */
  static void expand(Set<Privilege> granted, long written, long server) {
    boolean isSuper = granted.contains(Privilege.SUPER);
    if (written < NEW_NAMES) {
      if (granted.contains(Privilege.REPLICATION_SLAVE)
          || granted.contains(Privilege.REPLICATION_CLIENT)) {
        granted.add(Privilege.REPLICA_MONITOR);
      }
      if (isSuper) {
        granted.addAll(SPLIT_OFF);
        if (granted.contains(Privilege.REPLICATION_SLAVE)) {
          granted.add(Privilege.REPLICATION_MASTER_ADMIN);
        }
      }
    } else if (written < SLAVE_MONITOR && granted.contains(Privilege.REPLICATION_SLAVE_ADMIN)) {
      granted.add(Privilege.REPLICA_MONITOR);
    }
    if (isSuper && written < SUPER_REDUCED && server >= SUPER_REDUCED) {
      granted.addAll(TAKEN_FROM_SUPER);
      if (written < READ_ONLY) {
        granted.add(Privilege.READ_ONLY_ADMIN);
      }
    }
  }

  /** The privilege that a GRANT calls so, in either family's words, upper case. */
  static Optional<Privilege> ofSqlName(String name) {
    String plain = name.replace('_', ' ');
    String known =
        switch (plain) {
          case "REPLICATION CLIENT" -> "BINLOG MONITOR";
          case "REPLICATION REPLICA" -> "REPLICATION SLAVE";
          case "REPLICATION REPLICA ADMIN" -> "REPLICATION SLAVE ADMIN";
          case "REPLICA MONITOR" -> "SLAVE MONITOR";
          default -> plain;
        };
    return Arrays.stream(Privilege.values())
        .filter(privilege -> privilege.sqlName().replace('_', ' ').equals(known))
        .findFirst();
  }

  static String sqlNames() {
    return Arrays.stream(Privilege.values())
        .map(Privilege::sqlName)
        .collect(Collectors.joining(", "));
  }
}
