package io.sluice.testkit.scripted;

import io.sluice.testkit.wire.WireChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What a {@link ScriptedMaster} does after a dump request, step by step. After the last step the
 * connection stays open and sends what {@link ScriptedMaster#push} brings, unless a step ended it.
 * Chainable; build it before it is served.
 */
public final class Script {
  private final List<Step> steps = new ArrayList<>();

  private Script() {}

  /** One thing to do on the dumping connection; an exception ends the connection. */
  @FunctionalInterface
  public interface Step {
    void run(DumpStream stream) throws Exception;
  }

  /** The sending side of one dump. Sequence numbers count from 1. */
  public static final class DumpStream {
    private final WireChannel channel;
    private final DumpRequest request;
    private int sequence = 1;

    DumpStream(WireChannel channel, DumpRequest request) {
      this.channel = channel;
      this.request = request;
    }

    public DumpRequest request() {
      return request;
    }

    public WireChannel channel() {
      return channel;
    }

    /** Sends an event behind its OK byte, split into packets where it is 16 MB or more. */
    public void event(byte[] event) {
      payload(withOk(event));
    }

    /** Sends any payload with the right header. */
    public void payload(byte[] payload) {
      sequence = channel.write(sequence, payload);
    }

    /** The packets that {@link #event} would send. */
    public byte[] framed(byte[] event) {
      return WireChannel.frame(sequence, withOk(event));
    }

    private static byte[] withOk(byte[] event) {
      byte[] payload = new byte[event.length + 1];
      System.arraycopy(event, 0, payload, 1, event.length);
      return payload;
    }
  }

  public static Script empty() {
    return new Script();
  }

  /** Sends these events. */
  public static Script events(List<byte[]> events) {
    return new Script().sendAll(events);
  }

  /**
   * What a real master sends for a file from a position on: artificial rotate, format description
   * with the in-use flag clear (and log_pos 0 in the middle of a file), then the events.
   */
  public static Script file(String name, byte[] content, long position) {
    List<BinlogEvent> events = BinlogFiles.walk(content).events();
    BinlogEvent format = events.get(0);
    Script script =
        new Script()
            .step(
                stream ->
                    stream.event(
                        BinlogEvents.artificialRotate(
                            name, position, format.serverId(), stream.request().checksums())));
    byte[] clean = format.withFlags(format.flags() & ~BinlogEvent.FLAG_IN_USE, false).bytes();
    if (position > BinlogEvents.MAGIC.length) {
      Arrays.fill(clean, 13, 17, (byte) 0);
      Arrays.fill(clean, BinlogEvent.HEADER + 52, BinlogEvent.HEADER + 56, (byte) 0);
      BinlogEvents.putCrc(clean);
    }
    script.send(clean);
    for (BinlogEvent event : events.subList(1, events.size())) {
      if (event.offset() >= position) {
        script.send(event.bytes());
      }
    }
    return script;
  }

  /** Any step of the test's own. */
  public Script step(Step step) {
    steps.add(step);
    return this;
  }

  public Script send(byte[] event) {
    return step(stream -> stream.event(event));
  }

  public Script sendAll(List<byte[]> events) {
    events.forEach(this::send);
    return this;
  }

  /** Appends another script's steps. */
  public Script then(Script other) {
    steps.addAll(other.steps);
    return this;
  }

  /** Sends bytes that are no packet. */
  public Script sendRaw(byte... bytes) {
    return step(stream -> stream.channel().send(bytes));
  }

  /** Sends only the first bytes of the event's packet (header and OK byte count), then closes. */
  public Script cut(byte[] event, int packetBytes) {
    return step(stream -> stream.channel().send(Arrays.copyOf(stream.framed(event), packetBytes)))
        .close();
  }

  /** Sends the event with one bit of one byte turned; a negative index counts from the end. */
  public Script corrupt(byte[] event, int index) {
    byte[] broken = event.clone();
    int at = index < 0 ? broken.length + index : index;
    broken[at] ^= 0x40;
    return send(broken);
  }

  /** Sends nothing until the latch opens. */
  public Script stallUntil(CountDownLatch latch) {
    return step(
        stream -> {
          if (!latch.await(5, TimeUnit.MINUTES)) {
            throw new IllegalStateException("the test never opened the latch");
          }
        });
  }

  /** Sends nothing for that long. */
  public Script pause(Duration duration) {
    return step(stream -> TimeUnit.NANOSECONDS.sleep(duration.toNanos()));
  }

  public Script error(int code, String sqlState, String text) {
    return step(stream -> stream.payload(Answer.errorPayload(code, sqlState, text)));
  }

  public Script eof() {
    return step(stream -> stream.payload(Answer.eofPayload()));
  }

  /** Ends the connection in good order. */
  public Script close() {
    return step(stream -> stream.channel().close());
  }

  /** Ends the connection with a TCP reset. */
  public Script reset() {
    return step(stream -> stream.channel().reset());
  }

  void run(DumpStream stream) throws Exception {
    for (Step step : steps) {
      step.run(stream);
      if (stream.channel().isClosed()) {
        return;
      }
    }
  }
}
