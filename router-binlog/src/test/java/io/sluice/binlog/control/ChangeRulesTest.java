package io.sluice.binlog.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.gtid.MariaDbGtidList;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.master.MasterConfig;
import io.sluice.binlog.master.MasterPublicKey;
import io.sluice.binlog.master.MasterTls;
import io.sluice.binlog.master.StartPoint;
import io.sluice.binlog.master.UseGtid;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.Watermark;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChangeRulesTest {
  private static final MasterConfig FROM =
      new MasterConfig(
          MasterConfig.Origin.CONFIGURATION,
          "db1",
          3306,
          "repl",
          "secret",
          MasterTls.OFF,
          UseGtid.NO,
          new StartPoint.First(),
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          0,
          MasterPublicKey.DEFAULT,
          false,
          false);

  private static final ControlWords WORDS = ControlWords.of("11.8.2-MariaDB");

  private static final Watermark END =
      new Watermark(
          7, new BinlogFileId(1, "m.000003"), 500, MariaDbBinlogState.parse("0-2-8,0-1-9"), 0, 0);

  private static final Watermark MYSQL_END =
      new Watermark(
          7,
          new BinlogFileId(1, "m.000003"),
          500,
          MySqlGtidSet.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-9"),
          0,
          0);

  private static MasterConfig apply(MasterChange.Builder change, Watermark end) {
    return ChangeRules.apply(FROM, change.build(), end, WORDS);
  }

  @Test
  void shouldChangeOnlyWhatWasNamed() {
    MasterConfig changed = apply(MasterChange.builder().password("new"), END);
    assertThat(changed.password()).isEqualTo("new");
    assertThat(changed.host()).isEqualTo("db1");
    assertThat(changed.user()).isEqualTo("repl");
    assertThat(changed.origin()).isEqualTo(MasterConfig.Origin.CHANGE_MASTER);
    assertThat(changed.mayBeginEpoch()).isFalse();
  }

  @Test
  void shouldAllowAnotherHistoryOnlyByGtid() {
    assertThat(apply(MasterChange.builder().host("db2"), END).mayBeginEpoch()).isFalse();
    MasterConfig gtid = apply(MasterChange.builder().host("db2").useGtid(UseGtid.SLAVE_POS), END);
    assertThat(gtid.mayBeginEpoch()).isTrue();
    MasterConfig followed = gtid.withMayBeginEpoch(false);
    assertThat(
            ChangeRules.apply(followed, MasterChange.builder().user("u").build(), END, WORDS)
                .mayBeginEpoch())
        .isFalse();
    assertThat(
            ChangeRules.apply(followed, MasterChange.builder().port(3307).build(), END, WORDS)
                .mayBeginEpoch())
        .isTrue();
    assertThat(
            ChangeRules.apply(gtid, MasterChange.builder().useGtid(UseGtid.NO).build(), END, WORDS)
                .mayBeginEpoch())
        .isFalse();
  }

  @Test
  void shouldTakeTheResumePointAndNothingElse() {
    MasterConfig same = apply(MasterChange.builder().logFile("m.000003").logPos(500), END);
    assertThat(same.useGtid()).isEqualTo(UseGtid.NO);
    assertThat(same.start()).isEqualTo(new StartPoint.First());
    for (MasterChange.Builder wrong :
        new MasterChange.Builder[] {
          MasterChange.builder().logFile("m.000003").logPos(4),
          MasterChange.builder().logFile("m.000004"),
          MasterChange.builder().logPos(501)
        }) {
      assertThatThrownBy(() -> apply(wrong, END))
          .isInstanceOf(ControlException.class)
          .hasMessageContaining("m.000003 at 500");
    }
  }

  @Test
  void shouldBeginAnEmptyStoreAtAFile() {
    assertThat(apply(MasterChange.builder().logFile("m.000002").logPos(4), Watermark.EMPTY).start())
        .isEqualTo(new StartPoint.File("m.000002"));
    assertThatThrownBy(
            () -> apply(MasterChange.builder().logFile("m.000002").logPos(300), Watermark.EMPTY))
        .hasMessageContaining("files whole");
    assertThatThrownBy(
            () -> apply(MasterChange.builder().logFile("../passwd").logPos(4), Watermark.EMPTY))
        .isInstanceOf(ControlException.class);
  }

  @Test
  void shouldRefuseWhatAServerRefuses() {
    assertCode(MasterChange.builder().host(" "), 1210);
    assertCode(MasterChange.builder().port(0), 1210);
    assertCode(MasterChange.builder().connectRetry(Duration.ZERO), 1210);
    assertCode(MasterChange.builder().heartbeatPeriod(Duration.ofSeconds(-1)), 1624);
    assertCode(MasterChange.builder().logFile("m.000003").useGtid(UseGtid.SLAVE_POS), 1221);
  }

  private static void assertCode(MasterChange.Builder change, int code) {
    assertThatThrownBy(() -> apply(change, END))
        .isInstanceOfSatisfying(
            ControlException.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }

  @Test
  void shouldEncryptAsAsked() {
    MasterTls tls =
        apply(MasterChange.builder().ssl(true).sslVerify(true).sslCa("ca.pem"), END).tls();
    assertThat(tls).isEqualTo(new MasterTls(true, true, true, "ca.pem", "", ""));
    MasterConfig encrypted = apply(MasterChange.builder().ssl(true).sslVerify(true), END);
    assertThat(
            ChangeRules.apply(encrypted, MasterChange.builder().ssl(false).build(), END, WORDS)
                .tls())
        .isEqualTo(new MasterTls(false, false, true, "", "", ""));
  }

  @Test
  void shouldTakeAGtidPositionForAnEmptyStoreOnly() {
    assertThat(
            ChangeRules.apply(FROM, MariaDbGtidList.parse("0-1-5"), Watermark.EMPTY, WORDS)
                .start()
                .text())
        .isEqualTo("0-1-5");
    assertThat(ChangeRules.apply(FROM, MariaDbGtidList.EMPTY, Watermark.EMPTY, WORDS).start())
        .isEqualTo(new StartPoint.First());
    assertThat(ChangeRules.apply(FROM, MariaDbGtidList.parse("0-1-9"), END, WORDS)).isEqualTo(FROM);
    assertThatThrownBy(() -> ChangeRules.apply(FROM, MariaDbGtidList.parse("0-1-8"), END, WORDS))
        .isInstanceOfSatisfying(
            ControlException.class, refused -> assertThat(refused.code()).isEqualTo(1947));
  }

  @Test
  void shouldFollowAnotherMySqlSourceOnlyByAutoPosition() {
    ControlWords words = ControlWords.of("9.7.0");
    MasterConfig by =
        ChangeRules.apply(
            FROM, MasterChange.builder().host("db2").autoPosition(true).build(), MYSQL_END, words);
    assertThat(by.useGtid()).isEqualTo(UseGtid.SLAVE_POS);
    assertThat(by.mayBeginEpoch()).isTrue();
    MasterConfig again =
        ChangeRules.apply(by, MasterChange.builder().autoPosition(false).build(), MYSQL_END, words);
    assertThat(again.mayBeginEpoch()).isFalse();
    assertThat(again.useGtid()).isEqualTo(UseGtid.NO);
    MasterChange both = MasterChange.builder().logFile("m.000003").autoPosition(true).build();
    MasterChange later = MasterChange.builder().logFile("m.000003").build();
    assertThatThrownBy(() -> ChangeRules.apply(FROM, both, MYSQL_END, words))
        .isInstanceOfSatisfying(
            ControlException.class, refused -> assertThat(refused.code()).isEqualTo(1776));
    assertThatThrownBy(() -> ChangeRules.apply(by, later, MYSQL_END, words))
        .hasMessage(
            "Parameters SOURCE_LOG_FILE, SOURCE_LOG_POS, RELAY_LOG_FILE and RELAY_LOG_POS cannot be set when SOURCE_AUTO_POSITION is active.");
  }

  @Test
  void shouldRefuseTheOtherFamilysWords() {
    ControlWords mySql = ControlWords.of("9.7.4");
    MySqlGtidSet set = MySqlGtidSet.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5");
    MariaDbGtidList list = MariaDbGtidList.parse("0-1-5");
    for (Watermark end : new Watermark[] {END, Watermark.EMPTY}) {
      assertThatThrownBy(() -> ChangeRules.apply(FROM, set, end, MySqlGtidSet.EMPTY, WORDS))
          .isInstanceOf(ControlException.class)
          .hasMessage(
              "gtid_purged: the relay follows MariaDB (expected: MySQL; what MariaDB has instead is gtid_slave_pos)");
    }
    for (Watermark end : new Watermark[] {MYSQL_END, Watermark.EMPTY}) {
      assertThatThrownBy(() -> ChangeRules.apply(FROM, list, end, mySql))
          .isInstanceOf(ControlException.class)
          .hasMessage(
              "gtid_slave_pos: the relay follows MySQL (expected: MariaDB; what MySQL has instead is gtid_purged)");
    }
    assertCode(MasterChange.builder().autoPosition(true), 1235);
    MasterChange useGtid = MasterChange.builder().useGtid(UseGtid.SLAVE_POS).build();
    assertThatThrownBy(() -> ChangeRules.apply(FROM, useGtid, MYSQL_END, mySql))
        .hasMessageStartingWith("use_gtid: the relay follows MySQL");
  }

  @Test
  void shouldTakeEitherFamilysStartBeforeTheMasterIsKnown() {
    ControlWords none = ControlWords.of("");
    MySqlGtidSet set = MySqlGtidSet.parse("3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5");
    assertThat(
            ChangeRules.apply(FROM, set, Watermark.EMPTY, MariaDbBinlogState.EMPTY, none).start())
        .isEqualTo(new StartPoint.GtidSet(set));
    assertThat(
            ChangeRules.apply(FROM, MariaDbGtidList.parse("0-1-5"), Watermark.EMPTY, none)
                .start()
                .text())
        .isEqualTo("0-1-5");
    assertThat(
            ChangeRules.apply(
                    FROM, MasterChange.builder().autoPosition(true).build(), Watermark.EMPTY, WORDS)
                .useGtid())
        .isEqualTo(UseGtid.SLAVE_POS);
    // A log of MySQL's whose source is not known any more.
    assertThatThrownBy(() -> ChangeRules.apply(FROM, set, MYSQL_END, MySqlGtidSet.EMPTY, none))
        .hasMessageStartingWith("gtid_purged cannot be changed: the relay has a log already");
  }

  @Test
  void shouldKeepTheWayThePasswordGoesAndHowLongToTry() {
    MasterConfig changed =
        apply(MasterChange.builder().getPublicKey(true).publicKeyPath("k.pem").retryCount(7), END);
    assertThat(changed.publicKey()).isEqualTo(new MasterPublicKey(true, "k.pem"));
    assertThat(changed.retryCount()).isEqualTo(7);
    MasterConfig same =
        ChangeRules.apply(changed, MasterChange.builder().user("u").build(), END, WORDS);
    assertThat(same.publicKey()).isEqualTo(changed.publicKey());
    assertThat(same.retryCount()).isEqualTo(7);
    assertCode(MasterChange.builder().retryCount(-1), 1210);
  }
}
