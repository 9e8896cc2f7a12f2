package io.sluice.mysql.frontend;

import io.sluice.api.config.Settings;
import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MariaDbServer;
import java.util.List;

/** With the newest MariaDB. */
class PooledSessionsIT extends PooledSessionsContract {

  @Override
  DatabaseServer start() {
    MariaDbServer server = MariaDbServer.builder().binlog("bin").start();
    server.createUser("svc", "svcpw", "SELECT ON mysql.*");
    server.createUser("app", "apppw", "ALL ON *.*");
    server.execute(
        "CREATE ROLE auditor",
        "CREATE ROLE standard",
        "GRANT auditor TO app",
        "GRANT standard TO app",
        "SET DEFAULT ROLE standard FOR app",
        "CREATE DATABASE seq",
        "CREATE SEQUENCE seq.numbers");
    return server;
  }

  @Override
  Settings settings() {
    return ProxyUnderTest.noTls();
  }

  @Override
  List<List<String>> moreDirt() {
    return List.of(
        List.of("SET ROLE auditor"),
        List.of("SET ROLE NONE"),
        List.of("SELECT NEXTVAL(seq.numbers)"),
        List.of("SET SESSION gtid_domain_id = 5, SESSION server_id = 99, SESSION gtid_seq_no = 12"),
        List.of("BACKUP STAGE START"),
        List.of("BACKUP LOCK shop.items"),
        List.of("SET optimizer_trace = 'enabled=on'", "SELECT * FROM shop.items WHERE id = 1"),
        List.of("SET SESSION max_statement_time = 60, SESSION lock_wait_timeout = 1"));
  }

  @Override
  List<String> moreProbes() {
    return List.of(
        "SELECT CURRENT_ROLE(), @@in_transaction",
        "SELECT LASTVAL(seq.numbers)",
        "SELECT COUNT(*) FROM information_schema.optimizer_trace",
        "BACKUP STAGE END",
        "SELECT ROLE_NAME, IS_DEFAULT FROM information_schema.applicable_roles ORDER BY 1");
  }
}
