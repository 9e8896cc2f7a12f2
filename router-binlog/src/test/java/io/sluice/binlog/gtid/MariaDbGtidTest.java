package io.sluice.binlog.gtid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MariaDbGtidTest {
  @Test
  void shouldParseAndPrintUnsignedValues() {
    MariaDbGtid gtid = MariaDbGtid.parse("4294967295-4294967295-18446744073709551615");
    assertThat(gtid.domain()).isEqualTo(4294967295L);
    assertThat(gtid.sequence()).isEqualTo(-1);
    assertThat(gtid).hasToString("4294967295-4294967295-18446744073709551615");
    assertThat(gtid.reaches(5)).isTrue();
    assertThat(new MariaDbGtid(0, 1, 5).reaches(-1)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "1",
        "1-",
        "1-2",
        "1-2-",
        "1-2-3,",
        ",1-2-3",
        "1-2-3,,4-5-6",
        "1-2-3 ",
        "1 -2-3",
        "4294967296-1-1",
        "1-4294967296-1",
        "1-1-18446744073709551616",
        "-1-1-1",
        "1--1-1",
        "1-2-3;4-5-6",
        "1-2-99999999999999999999999999999999999999999999"
      })
  void shouldRefuseMalformedListsWithTheServersCode(String text) {
    GtidFormatException failure =
        catchThrowableOfType(GtidFormatException.class, () -> MariaDbGtidList.parse(text));
    assertThat(failure.errorCode()).isEqualTo(1941);
    assertThat(failure).hasMessage("Could not parse GTID list");
  }

  @Test
  void shouldRefuseDuplicateDomains() {
    assertThatThrownBy(() -> MariaDbGtidList.parse("0-1-5,1-1-1,0-2-6"))
        .isInstanceOfSatisfying(
            GtidFormatException.class, e -> assertThat(e.errorCode()).isEqualTo(1943))
        .hasMessageContaining("conflict (duplicate domain id 0)");
  }

  @Test
  void shouldParseListsAndPrintThemByDomain() {
    assertThat(MariaDbGtidList.parse("")).isSameAs(MariaDbGtidList.EMPTY);
    MariaDbGtidList list = MariaDbGtidList.parse("7-1-3, 0-1-16");
    assertThat(list).hasToString("0-1-16,7-1-3").hasSize(2);
    assertThat(list.get(7)).isEqualTo(new MariaDbGtid(7, 1, 3));
    assertThat(list.get(1)).isNull();
    assertThat(MariaDbGtidList.parse(list.toString())).isEqualTo(list).hasSameHashCodeAs(list);
  }

  @Test
  void shouldKeepTheLastOfADomainLast() {
    MariaDbBinlogState.Builder builder = new MariaDbBinlogState.Builder();
    builder.update(7, 1, 1);
    builder.update(0, 1, 1);
    builder.update(0, 2, 2);
    MariaDbBinlogState before = builder.snapshot();
    builder.update(0, 1, 3);
    MariaDbBinlogState state = builder.snapshot();
    assertThat(before).hasToString("0-1-1,0-2-2,7-1-1");
    assertThat(state).hasToString("0-2-2,0-1-3,7-1-1");
    assertThat(state.position()).hasToString("0-1-3,7-1-1");
    assertThat(state.last(0)).isEqualTo(new MariaDbGtid(0, 1, 3));
    assertThat(state.find(0, 2)).isEqualTo(new MariaDbGtid(0, 2, 2));
    assertThat(state.find(1, 2)).isNull();
    assertThat(state.last(9)).isNull();
    assertThat(state.contains(new MariaDbGtid(0, 1, 2))).isTrue();
    assertThat(state.contains(new MariaDbGtid(0, 1, 4))).isFalse();
    assertThat(state.contains(new MariaDbGtid(0, 3, 1))).isFalse();
    assertThat(state.isLastOfDomain(0)).isFalse();
    assertThat(state.isLastOfDomain(1)).isTrue();
    assertThat(state.toBuilder().snapshot()).isEqualTo(state).hasSameHashCodeAs(state);
    assertThat(MariaDbBinlogState.parse(state.toString())).isEqualTo(state);
  }

  @Test
  void shouldRoundTripRandomStates() {
    Random random = new Random(3);
    for (int round = 0; round < 500; round++) {
      MariaDbBinlogState.Builder builder = new MariaDbBinlogState.Builder();
      for (int i = random.nextInt(40); i > 0; i--) {
        builder.update(random.nextInt(5), random.nextInt(5), random.nextLong());
      }
      MariaDbBinlogState state = builder.snapshot();
      ByteBuf buf = Unpooled.buffer();
      state.encode(buf);
      assertThat(buf.readableBytes()).isEqualTo(state.size() * MariaDbBinlogState.ENTRY_SIZE);
      assertThat(MariaDbBinlogState.decode(buf, 0, state.size())).isEqualTo(state);
      assertThat(MariaDbBinlogState.parse(state.toString())).isEqualTo(state);
    }
  }
}
