package io.sluice.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testkit.server.Replication.Source;
import java.util.List;
import org.junit.jupiter.api.Test;

class MySqlServerIT {
  private static final String WORKLOAD =
      "CREATE DATABASE d; CREATE TABLE d.t (a INT PRIMARY KEY, b LONGTEXT);"
          + "INSERT INTO d.t VALUES (1, REPEAT('x', 1000))";

  @Test
  @RequiresServer("mysql-9.7")
  void shouldReplicateFromAndToMySql97() throws Exception {
    check("mysql-9.7", "9.7.");
  }

  @Test
  @RequiresServer("mysql-5.6")
  void shouldReplicateFromAndToMySql56() throws Exception {
    check("mysql-5.6", "5.6.");
  }

  private static void check(String name, String version) {
    try (MySqlServer source =
            MySqlServer.builder(name)
                .serverId(1)
                .binlog("m1-bin")
                .gtid()
                .option("innodb-flush-log-at-trx-commit", "1")
                .start();
        MySqlServer byGtid = replica(name, 2);
        MySqlServer byPosition = replica(name, 3)) {
      assertThat(source.version()).startsWith(version);
      assertThat(source.serverUuid()).isNotEqualTo(byGtid.serverUuid()).hasSize(36);
      source.createUser("repl", "pw", "REPLICATION SLAVE ON *.*");
      Source address = Source.of(source, "repl", "pw");
      Replication.start(byGtid, address);
      Replication.start(byPosition, address, "m1-bin.000001", 4);
      source.execute(WORKLOAD.split(";"));
      Replication.awaitRunning(byGtid);
      Replication.awaitRunning(byPosition);
      Replication.assertReplicated(source, byGtid, byPosition);
      assertThat(byGtid.gtidExecuted()).isEqualTo(source.gtidExecuted()).isNotEmpty();
      assertThat(source.sql("repl", "pw").queryString("SELECT 1")).isEqualTo("1");
      assertThat(Replication.dumpConnections(source)).isEqualTo(2);

      source.kill9();
      source.start();
      source.execute("FLUSH BINARY LOGS", "INSERT INTO d.t VALUES (2, '')");
      Replication.assertReplicated(source, byGtid, byPosition);
      assertThat(source.closedBinlogFiles()).hasSizeGreaterThanOrEqualTo(2);
      source.createUser("repl", "other", "REPLICATION SLAVE ON *.*");
      Replication.start(byGtid, address);
      Replication.awaitIoError(byGtid, 1045);
    }
  }

  /**
   * Gives up an attempt to connect after ten seconds. A 5.6 does so after an hour, and once stood
   * in one for more than the minute that the test waits, after its source had been killed.
   */
  private static MySqlServer replica(String name, int id) {
    return MySqlServer.builder(name)
        .serverId(id)
        .gtid()
        .option("loose-slave-net-timeout", "10")
        .start();
  }

  @Test
  @RequiresServer("mysql-9.7")
  void shouldReplicateWithoutGtidAndTlsByPosition() {
    checkPosition("mysql-9.7", "caching_sha2_password", "sha256_password");
  }

  @Test
  @RequiresServer("mysql-5.6")
  void shouldReplicateWithoutGtidOn56() {
    checkPosition("mysql-5.6", "mysql_native_password");
  }

  private static void checkPosition(String name, String... plugins) {
    try (MySqlServer source =
            MySqlServer.builder(name)
                .serverId(1)
                .binlog("m1-bin")
                .withoutGtid()
                .withoutTls()
                .start();
        MySqlServer replica = MySqlServer.builder(name).serverId(2).withoutGtid().start()) {
      assertThat(source.isGtidMode()).isFalse();
      for (String plugin : plugins) {
        source.createUserWith(plugin, "u", "pw", "REPLICATION SLAVE ON *.*");
        assertThat(source.queryString("SELECT plugin FROM mysql.user WHERE user = 'u'"))
            .isEqualTo(plugin);
        Replication.start(
            replica,
            Source.of(source, "u", "pw"),
            source.binlogEnd().file(),
            source.binlogEnd().position());
        source.execute("CREATE DATABASE d_" + plugin);
        Replication.awaitCaughtUp(source, replica);
      }
      assertThat(replica.queryRows("SHOW DATABASES LIKE 'd\\_%'")).hasSize(plugins.length);
      assertThat(Replication.status(replica))
          .containsEntry("Slave_IO_Running", "Yes")
          .containsEntry("Master_Log_File", "m1-bin.000001")
          .containsEntry("Auto_Position", "0");
    }
  }

  @Test
  @RequiresServer("mysql-9.7")
  void shouldLoadSemiSyncOnBothSides() {
    try (MySqlServer source =
            MySqlServer.builder("mysql-9.7")
                .serverId(1)
                .gtid()
                .semiSync()
                .option("rpl-semi-sync-source-timeout", "1000")
                .start();
        MySqlServer replica =
            MySqlServer.builder("mysql-9.7").serverId(2).gtid().semiSync().start()) {
      source.createUser("repl", "pw", "REPLICATION SLAVE ON *.*");
      Replication.start(replica, Source.of(source, "repl", "pw"));
      source.execute("CREATE DATABASE d");
      Replication.assertReplicated(source, replica);
      assertThat(source.queryRow("SHOW STATUS LIKE 'Rpl_semi_sync_source_clients'"))
          .isEqualTo(List.of("Rpl_semi_sync_source_clients", "1"));
    }
  }
}
