package io.sluice.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.api.session.PasswordCredentials;
import io.sluice.mysql.constant.Privilege;
import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.server.RequiresServer;
import io.sluice.testkit.server.ServerInstallation;
import io.sluice.testkit.wire.WireClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Privileges as real servers keep them, against what they print themselves. */
class PrivilegesIT {

  @TempDir Path directory;

  @Test
  void shouldReadEachPrivilege() throws Exception {
    check(ServerInstallation.embedded(), ofMariaDb());
  }

  @RequiresServer("mariadb-10.11")
  @Test
  void shouldReadEachPrivilegeOfAnOlderServer() throws Exception {
    Set<Privilege> privileges = ofMariaDb();
    privileges.remove(Privilege.SHOW_CREATE_ROUTINE);
    check(ServerInstallation.find("mariadb-10.11").orElseThrow(), privileges);
  }

  private static Set<Privilege> ofMariaDb() {
    Set<Privilege> privileges = EnumSet.allOf(Privilege.class);
    privileges.removeIf(privilege -> !privilege.isOfMariaDb());
    return privileges;
  }

  private void check(ServerInstallation installation, Set<Privilege> privileges) throws Exception {
    try (MariaDbServer server = MariaDbServer.builder().installation(installation).start()) {
      server.createUser("svc", "svcpw", "SELECT ON mysql.*");
      for (Privilege privilege : privileges) {
        server.createUser("p_" + privilege.name(), "pw", privilege.sqlName() + " ON *.*");
      }
      server.createUser("everything", "pw", "ALL ON *.*");
      server.createUser("pair", "pw", "REPLICATION REPLICA, REPLICATION CLIENT ON *.*");
      server.createUser("none", "pw");
      server.createUser("by_role", "pw");
      server.createUser("has_role", "pw");
      server.execute(
          "CREATE ROLE inner_role",
          "GRANT BINLOG ADMIN ON *.* TO inner_role",
          "CREATE ROLE outer_role",
          "GRANT inner_role TO outer_role",
          "GRANT outer_role TO by_role@'%'",
          "GRANT outer_role TO has_role@'%'",
          "SET DEFAULT ROLE outer_role FOR by_role@'%'");

      Map<String, Set<Privilege>> read = load(server);

      for (Privilege privilege : privileges) {
        assertThat(read).containsEntry("p_" + privilege.name(), EnumSet.of(privilege));
      }
      for (String user : new String[] {"p_SUPER", "p_SELECT", "everything", "pair", "none"}) {
        assertThat(server.queryString("SHOW GRANTS FOR " + user + "@'%'"))
            .startsWith("GRANT " + Privilege.list(read.get(user)) + " ON *.* TO");
      }
      assertThat(read)
          .containsEntry("by_role", EnumSet.of(Privilege.BINLOG_ADMIN))
          .containsEntry("has_role", EnumSet.noneOf(Privilege.class));
    }
  }

  /** Lets a listener load the accounts and reads what it kept. */
  private Map<String, Set<Privilege>> load(MariaDbServer server) throws Exception {
    Path cache = directory.resolve("listeners/svc-main/accounts.json");
    try (ProxyUnderTest proxy =
        new ProxyUnderTest(directory, server, new PasswordCredentials("svc", "svcpw"), "")) {
      WireClient.connect("127.0.0.1", proxy.port(), "none", "pw").close();
      Await.until("cache written", () -> Files.exists(cache));
    }
    Map<String, Set<Privilege>> read = new HashMap<>();
    for (JsonNode account : new ObjectMapper().readTree(cache.toFile()).path("accounts")) {
      Set<Privilege> privileges = EnumSet.noneOf(Privilege.class);
      account.path("privileges").forEach(name -> privileges.add(Privilege.valueOf(name.asText())));
      read.put(account.path("user").asText(), privileges);
    }
    return read;
  }
}
