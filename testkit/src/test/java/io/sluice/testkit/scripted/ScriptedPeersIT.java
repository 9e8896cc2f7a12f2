package io.sluice.testkit.scripted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The two scripted peers against each other. */
class ScriptedPeersIT {
  private final BinlogEvents log = new BinlogEvents("m-bin.000001", 7, true);

  ScriptedPeersIT() {
    log.formatDescription(BinlogEvents.MARIADB_11_4, true);
    log.gtidList();
    log.transaction(0, 1, 20_000_000);
  }

  @Test
  void shouldCarryLargeEventsAndPushedOnes() {
    try (ScriptedMaster master = ScriptedMaster.builder().serverId(7).serveFiles(log).start();
        ScriptedReplica replica = connect(master)) {
      replica.register().dump("m-bin.000001", 4, 0);
      replica.awaitEvent("XID", event -> event.type() == EventTypes.XID);
      master.push(log.transaction(0, 2, 100));
      replica.awaitGtid("0-7-2");
      replica.awaitEvent("XID", event -> event.type() == EventTypes.XID);
      assertThat(BinlogFiles.walk(replica.files().get("m-bin.000001")).gtids())
          .containsExactly("0-7-1", "0-7-2");
      assertThat(master.registrations()).containsExactly(99L);
      assertThat(master.awaitDump(1).variables()).containsEntry("mariadb_slave_capability", "4");
      assertThat(master.users()).containsExactly("repl");
      assertThat(master.queries()).first().isEqualTo("SELECT UNIX_TIMESTAMP()");
    }
  }

  @Test
  void shouldCutAndCorrupt() {
    byte[] last = log.xid(5);
    try (ScriptedMaster master =
        ScriptedMaster.builder()
            .serve(Script.empty().cut(last, 10), Script.empty().corrupt(last, -1))
            .start()) {
      try (ScriptedReplica replica = connect(master)) {
        replica.register().dump("m-bin.000001", 4, 0);
        assertThatThrownBy(replica::next)
            .isInstanceOf(UncheckedIOException.class)
            .hasRootCauseMessage("closed after 6 of 32 bytes");
      }
      try (ScriptedReplica replica = connect(master)) {
        replica.register().dump("m-bin.000001", 4, 0);
        assertThat(replica.next().crcMatches()).isFalse();
      }
    }
  }

  @Test
  void shouldSendErrorsAndKeepQuiet() {
    try (ScriptedMaster master = ScriptedMaster.builder().serveFiles(log).start()) {
      try (ScriptedReplica replica = connect(master)) {
        replica.register().dump("m-bin.000009", 4, 0);
        assertThat(replica.expectError(1236).sqlState()).isEqualTo("HY000");
      }
      try (ScriptedReplica replica = connect(master)) {
        replica.register().dumpGtid("0-7-1", true, 0);
        assertThat(master.awaitDump(2).connectState()).isEqualTo("0-7-1");
        for (int i = 0; i < 6; i++) {
          replica.next();
        }
        assertThat(replica.readUntilQuiet(Duration.ofMillis(300))).as("all of it").hasSize(6);
      }
    }
  }

  private static ScriptedReplica connect(ScriptedMaster master) {
    return ScriptedReplica.connect(master.host(), master.port(), "repl", "pw", 99);
  }
}
