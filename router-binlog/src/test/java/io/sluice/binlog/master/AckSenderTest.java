package io.sluice.binlog.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.sluice.binlog.gtid.MariaDbBinlogState;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.Watermark;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AckSenderTest {
  private final List<String> sent = new ArrayList<>();
  private Watermark mark = Watermark.EMPTY;
  private final AckSender sender =
      new AckSender(
          2,
          () -> mark,
          packet -> {
            sent.add(ByteBufUtil.hexDump(packet));
            packet.release();
          });

  private void stored(int epoch, String file, long offset) {
    mark = new Watermark(1, new BinlogFileId(epoch, file), offset, MariaDbBinlogState.EMPTY, 0, 0);
    sender.onStored();
  }

  @Test
  void shouldAcknowledgeOnlyWhatIsStoredInTheOrderOfTheWishes() {
    sender.onWanted("b.000001", 0x05d4);
    sender.onWanted("b.000001", 0x0600);
    stored(2, "b.000001", 0x05d3);
    assertThat(sent).isEmpty();
    stored(2, "b.000001", 0x05d4);
    assertThat(sent).containsExactly("11000000efd405000000000000622e303030303031");
    stored(2, "b.000002", 4);
    assertThat(sent).hasSize(2);
    assertThat(sender.sent()).isEqualTo(2);
  }

  @Test
  void shouldAcknowledgeAtOnceWhatIsStoredAlready() {
    stored(2, "b.000001", 1000);
    sender.onWanted("b.000001", 900);
    assertThat(sent).hasSize(1);
  }

  @Test
  void shouldNotTakeAnotherMastersFileForTheOneThatIsMeant() {
    stored(1, "b.000009", 1000);
    sender.onWanted("b.000001", 900);
    assertThat(sent).isEmpty();
  }
}
