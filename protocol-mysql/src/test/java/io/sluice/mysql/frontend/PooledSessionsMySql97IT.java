package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.api.config.Settings;
import io.sluice.mysql.backend.ServerSettings;
import io.sluice.mysql.backend.TlsMode;
import io.sluice.testkit.server.DatabaseServer;
import io.sluice.testkit.server.MySqlServer;
import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.wire.WireClient;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With a MySQL of today, over TLS. */
@RequiresServer("mysql-9.7")
class PooledSessionsMySql97IT extends PooledSessionsContract {

  @Override
  DatabaseServer start() {
    MySqlServer server = MySqlServer.builder("mysql-9.7").serverId(1).gtid().start();
    server.createUser("svc", "svcpw", "SELECT ON mysql.*");
    server.createUser("app", "apppw", "ALL ON *.*");
    server.execute(
        "CREATE ROLE auditor, standard",
        "GRANT auditor, standard TO app",
        "SET DEFAULT ROLE standard TO app");
    return server;
  }

  @Override
  Settings settings() {
    return Settings.defaults(ServerSettings.SPEC).with(ServerSettings.TLS, TlsMode.REQUIRE);
  }

  @Override
  List<List<String>> moreDirt() {
    return List.of(
        List.of("SET ROLE auditor"),
        List.of("SET ROLE NONE"),
        List.of("SET gtid_next = '11111111-1111-1111-1111-111111111111:1'"),
        List.of("LOCK INSTANCE FOR BACKUP"),
        List.of("SET SESSION max_execution_time = 60000, SESSION lock_wait_timeout = 1"),
        List.of("SET SESSION session_track_gtids = OWN_GTID, session_track_schema = OFF"));
  }

  /** The reset leaves the trace, so the connection does not go to another session. */
  @Test
  void shouldNotShowTheTraceOfTheSessionBefore() {
    WireClient first = proxy().login("app", "apppw");
    first.query("SET optimizer_trace = 'enabled=on'");
    first.query("SELECT 'a secret text' FROM shop.items WHERE id = 1");
    first.query("SET optimizer_trace = 'enabled=off'");
    String traces = "SELECT query FROM information_schema.optimizer_trace";
    assertThat(first.query(traces).rows().toString()).contains("a secret text");
    proxy().quit(first);
    try (WireClient next = proxy().login("app", "apppw")) {
      assertThat(next.query(traces).rows()).isEmpty();
    }
  }

  @Override
  List<String> moreProbes() {
    return List.of(
        "SELECT CURRENT_ROLE()",
        "SELECT COUNT(*) FROM information_schema.optimizer_trace",
        "SELECT @@gtid_next");
  }
}
