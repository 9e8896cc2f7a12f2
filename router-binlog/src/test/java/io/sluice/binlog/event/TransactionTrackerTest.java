package io.sluice.binlog.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.ServerFamily;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TransactionTrackerTest {
  private TransactionTracker tracker = new TransactionTracker(ServerFamily.MARIADB);

  @Test
  void shouldFollowGroupsWithoutGtid() {
    assertThat(take(query("BEGIN"))).isFalse();
    assertThat(take(event(19, 20))).isFalse();
    assertThat(take(rows(23, 1))).isFalse();
    assertThat(take(event(16, 8))).isTrue();
    assertThat(take(query("create table t(a int)"))).isTrue();
    assertThat(take(event(5, 9))).isFalse();
    assertThat(take(query("insert into t values(1)"))).isTrue();
  }

  @Test
  void shouldNotEndATransactionAtStatementsOrSavepoints() {
    assertThat(take(gtid(0, 7))).isFalse();
    assertThat(take(query("create table t(a int)"))).isFalse();
    assertThat(take(query("SAVEPOINT a"))).isFalse();
    assertThat(take(query("ROLLBACK TO a"))).isFalse();
    assertThat(take(rows(23, 1))).isFalse();
    assertThat(take(event(172, 30))).isFalse();
    assertThat(take(event(165, 30))).isFalse();
    assertThat(take(query("ROLLBACK"))).isTrue();
    assertThat(tracker.hasGtid()).isTrue();
    assertThat(written()).isEqualTo("0-1-7");
  }

  @Test
  void shouldEndAStandaloneGroupAtTheLastRowEvent() {
    assertThat(take(gtid(1, 1))).isFalse();
    assertThat(take(event(160, 10))).isFalse();
    assertThat(take(event(19, 20))).isFalse();
    assertThat(take(rows(23, 0))).isFalse();
    assertThat(take(rows(23, 1))).isTrue();
  }

  @Test
  void shouldEndXaGroupAtPrepare() {
    assertThat(take(gtid(0x4c, 1))).isFalse();
    assertThat(take(query("XA END X'78',X'',1"))).isFalse();
    assertThat(take(event(38, 20))).isTrue();
  }

  @Test
  void shouldReportAnInterruptedGroupAndForgetItsGtid() {
    take(gtid(0, 1));
    take(rows(23, 1));
    assertThat(take(gtid(1, 2))).isFalse();
    assertThat(tracker.wasInterrupted()).isTrue();
    assertThat(take(query("drop table t"))).isTrue();
    assertThat(written()).isEqualTo("0-1-2");
    take(gtid(0, 3));
    assertThat(take(event(4, 20))).isTrue();
    assertThat(tracker.wasInterrupted()).isTrue();
    assertThat(tracker.hasGtid()).isFalse();
  }

  @Test
  void shouldFollowMySqlGroups() {
    assertThat(take(event(33, 42))).isFalse();
    assertThat(take(query("BEGIN"))).isFalse();
    assertThat(take(event(19, 20))).isFalse();
    assertThat(take(rows(30, 1))).isFalse();
    assertThat(take(event(16, 8))).isTrue();
    assertThat(take(event(42, 60))).isFalse();
    assertThat(take(query("create table t(a int)"))).isTrue();
    assertThat(take(event(34, 42))).isFalse();
    assertThat(take(event(40, 60))).isTrue();
    assertThat(take(event(33, 42))).isFalse();
    assertThat(take(query("XA START X'01',X'',1"))).isFalse();
    assertThat(take(query("XA END X'01',X'',1"))).isFalse();
    assertThat(take(event(38, 20))).isTrue();
  }

  @Test
  void shouldTakeIncidentAndUnknownTypes() {
    assertThat(take(event(26, 3))).isTrue();
    assertThat(take(event(199, 3))).isTrue();
    take(gtid(0, 1));
    assertThat(take(event(199, 3))).isFalse();
    assertThat(take(event(26, 3))).isTrue();
  }

  @Test
  void shouldJudgeGiantEventsByTheirFirstBytes() {
    take(gtid(0, 1));
    ByteBuf query = query("COMMIT");
    query.setIntLE(9, 1 << 29);
    assertThat(tracker.onEvent(query, 0, 32, 1 << 29, false)).isFalse();
    take(query("COMMIT"));
    take(gtid(1, 2));
    assertThat(tracker.onEvent(query, 0, 32, 1 << 29, false)).isTrue();
  }

  private String written() {
    MariaDbBinlogState.Builder state = new MariaDbBinlogState.Builder();
    tracker.addGtidTo(state);
    return state.snapshot().toString();
  }

  private boolean take(ByteBuf event) {
    return tracker.onEvent(event, 0, event.readableBytes(), event.readableBytes(), false);
  }

  private static ByteBuf event(int type, int body) {
    ByteBuf out = Unpooled.buffer();
    out.writeIntLE(1).writeByte(type).writeIntLE(1).writeIntLE(19 + body).writeIntLE(0);
    out.writeShortLE(0);
    return out.writeZero(body);
  }

  private static ByteBuf rows(int type, int flags) {
    return event(type, 20).setShortLE(25, flags);
  }

  private static ByteBuf gtid(int flags, long sequence) {
    return event(162, 19).setLongLE(19, sequence).setByte(31, flags);
  }

  private static ByteBuf query(String sql) {
    ByteBuf out = event(2, 13 + 1 + sql.length());
    out.setBytes(19 + 13 + 1, sql.getBytes(StandardCharsets.US_ASCII));
    return out;
  }
}
