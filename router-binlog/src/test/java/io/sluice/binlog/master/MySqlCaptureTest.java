package io.sluice.binlog.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.gtid.MySqlGtidSet;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.ResumePoint;
import io.sluice.mysql.message.ComBinlogDump;
import io.sluice.testkit.scripted.BinlogEvent;
import io.sluice.testkit.wire.HexCapture;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a MySQL 9.7 source sent to its replica, on the wire, is taken as the relay takes it. */
class MySqlCaptureTest {
  private static final int BINLOG_DUMP = 0x12;
  private static final int ROTATE = 4;
  private static final int FORMAT_DESCRIPTION = 15;
  private static final int HEARTBEAT_V2 = 41;

  private final CollectingWriter writer = new CollectingWriter();
  private final List<LinkFailure> failures = new ArrayList<>();
  private final List<String> acknowledgements = new ArrayList<>();

  private final EventReceiver.Listener listener =
      new EventReceiver.Listener() {
        @Override
        public void onQueueFull() {}

        @Override
        public void onAckWanted(String file, long position) {
          acknowledgements.add(file + ":" + position);
        }

        @Override
        public void onFailed(LinkFailure failure) {
          failures.add(failure);
        }
      };

  /** One recorded dump. */
  private record Dump(ComBinlogDump request, List<HexCapture.Message> packets) {
    static Dump of(String session) {
      List<HexCapture.Message> messages =
          HexCapture.load("/captures/mysql-9.7.hex").session(session).messages();
      for (int i = 0; i < messages.size(); i++) {
        HexCapture.Message message = messages.get(i);
        if (message.fromClient() && message.payload()[0] == BINLOG_DUMP) {
          return new Dump(
              ComBinlogDump.decode(Unpooled.wrappedBuffer(message.payload())),
              messages.subList(i + 1, messages.size()).stream()
                  .filter(later -> !later.fromClient())
                  .toList());
        }
      }
      throw new AssertionError(session + ": no dump");
    }

    List<byte[]> events(boolean semiSync) {
      int prefix = semiSync ? 3 : 1;
      return packets.stream()
          .map(HexCapture.Message::payload)
          .filter(payload -> payload[0] == 0)
          .map(payload -> Arrays.copyOfRange(payload, prefix, payload.length))
          .toList();
    }
  }

  private void replay(Dump dump, boolean semiSync) {
    LinkCounters counters = new LinkCounters(Clock.systemUTC());
    EventReceiver receiver =
        new EventReceiver(
            writer,
            ByteBufAllocator.DEFAULT,
            new EventIntake(
                resume(dump, semiSync),
                dump.request().file(),
                dump.request().position(),
                true,
                null,
                counters),
            counters,
            semiSync,
            listener);
    for (HexCapture.Message packet : dump.packets()) {
      receiver.feed(Unpooled.copiedBuffer(packet.bytes()));
    }
    receiver.close();
  }

  private ResumePoint resume(Dump dump, boolean semiSync) {
    ComBinlogDump request = dump.request();
    if (request.position() == 4) {
      return ResumePoint.EMPTY;
    }
    List<byte[]> events = dump.events(semiSync);
    writer.resume(request.file(), request.position());
    ByteBuf format = Unpooled.wrappedBuffer(events.isEmpty() ? new byte[0] : events.get(1));
    return new ResumePoint(
        new BinlogFileId(1, request.file()),
        request.position(),
        MySqlGtidSet.EMPTY,
        events.isEmpty() ? null : FormatDescription.decode(format, 0, format.readableBytes()));
  }

  private static Map<String, byte[]> expected(Dump dump, boolean semiSync) {
    Map<String, ByteArrayOutputStream> files = new LinkedHashMap<>();
    String file = "";
    for (byte[] bytes : dump.events(semiSync)) {
      BinlogEvent event = BinlogEvent.of(bytes);
      if (event.type() == ROTATE && event.isArtificial()) {
        file = event.rotateFile(true);
        files.put(file, new ByteArrayOutputStream());
      } else if (event.type() != HEARTBEAT_V2
          && !(event.type() == FORMAT_DESCRIPTION && event.logPos() == 0)) {
        files.get(file).writeBytes(bytes);
      }
    }
    Map<String, byte[]> all = new LinkedHashMap<>();
    files.forEach((name, bytes) -> all.put(name, bytes.toByteArray()));
    return all;
  }

  @ParameterizedTest
  @CsvSource({
    "filepos-first / connection 1,false",
    "filepos-resume / connection 1,false",
    "gtid-fileposmode / connection 1,false",
    "semisync-filepos / connection 1,true"
  })
  void shouldStoreWhatBelongsToTheFiles(String session, boolean semiSync) {
    Dump dump = Dump.of(session);
    replay(dump, semiSync);
    assertThat(failures).isEmpty();
    Map<String, byte[]> expected = expected(dump, semiSync);
    assertThat(writer.files.keySet()).isEqualTo(expected.keySet());
    expected.forEach((file, bytes) -> assertThat(writer.stored(file)).as(file).isEqualTo(bytes));
    assertThat(expected.values().stream().mapToInt(bytes -> bytes.length).sum()).isPositive();
    assertThat(acknowledgements.isEmpty()).isNotEqualTo(semiSync);
  }

  @Test
  void shouldStopAtTheErrorsThatNoRetryHelpsAgainst() {
    replay(Dump.of("filepos-nofile / connection 1"), false);
    replay(Dump.of("filepos-pastend / connection 1"), false);
    assertThat(failures)
        .extracting(LinkFailure::kind)
        .containsExactly(LinkFailure.Kind.FATAL, LinkFailure.Kind.FATAL);
    assertThat(failures.get(0).message()).contains("Could not find first log file name");
    assertThat(failures.get(1).message()).contains("position > file size");
  }
}
