package io.sluice.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PROXY headers, both ways. The expected bytes follow the specification of HAProxy. */
class ProxyProtocolTest {

  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String V4 =
      SIGNATURE + "2111000c" + "0a010203" + "c0000201" + "c001" + "0cea";
  private static final String V6 =
      SIGNATURE
          + "21210024"
          + "20010db8000000000000000000000001"
          + "20010db8000000000000000000000002"
          + "c0010cea";

  private final List<String> told = new ArrayList<>();
  private @Nullable EmbeddedChannel channel;

  @AfterEach
  void close() {
    if (channel != null) {
      channel.finishAndReleaseAll();
    }
  }

  private EmbeddedChannel open(boolean trusted) {
    channel =
        new EmbeddedChannel(
            new ProxyHeader(
                new ProxyHeader.Listener() {
                  @Override
                  public void onAddress(
                      @Nullable InetSocketAddress source, @Nullable InetSocketAddress destination) {
                    told.add(source + " to " + destination);
                  }

                  @Override
                  public void onRefused(String why) {
                    told.add("refused: " + why);
                  }
                },
                trusted));
    return channel;
  }

  private static byte[] bytes(String header) {
    return header.startsWith("PROXY ")
        ? (header + "\r\n").getBytes(StandardCharsets.US_ASCII)
        : ByteBufUtil.decodeHexDump(header);
  }

  private static String read(EmbeddedChannel from) {
    StringBuilder all = new StringBuilder();
    for (ByteBuf in = from.readInbound(); in != null; in = from.readInbound()) {
      all.append(in.toString(StandardCharsets.US_ASCII));
      in.release();
    }
    return all.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "PROXY TCP4 10.1.2.3 192.0.2.1 49153 3306, /10.1.2.3:49153 to /192.0.2.1:3306",
    V4 + ", /10.1.2.3:49153 to /192.0.2.1:3306",
    "PROXY TCP6 2001:db8::1 2001:db8::2 49153 3306,"
        + " /[2001:db8:0:0:0:0:0:1]:49153 to /[2001:db8:0:0:0:0:0:2]:3306",
    V6 + ", /[2001:db8:0:0:0:0:0:1]:49153 to /[2001:db8:0:0:0:0:0:2]:3306",
    "PROXY UNKNOWN, null to null",
    SIGNATURE + "20000000, null to null",
    // With an extra that nobody knows.
    SIGNATURE
        + "21110010"
        + "0a010203c0000201c0010cea"
        + "e0000100"
        + ", /10.1.2.3:49153 to /192.0.2.1:3306",
  })
  void shouldTakeTheHeaderOutOfTheStreamHoweverItComes(String header, String expected) {
    ByteBuf all =
        Unpooled.wrappedBuffer(bytes(header), "hello".getBytes(StandardCharsets.US_ASCII));

    open(true).writeInbound(all.copy());
    assertThat(read(channel)).isEqualTo("hello");

    open(true);
    while (all.isReadable()) {
      channel.writeInbound(all.readBytes(1));
    }
    all.release();
    assertThat(read(channel)).isEqualTo("hello");
    assertThat(told).containsExactly(expected, expected);
    assertThat(channel.pipeline().names()).as("nothing stays").hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "P", "PROXIMA", "\r\n\r\nno"})
  void shouldPassWhatIsNoHeader(String first) {
    open(true).writeInbound(Unpooled.copiedBuffer(first + "!", StandardCharsets.US_ASCII));

    assertThat(read(channel)).isEqualTo(first + "!");
    assertThat(told).containsExactly("null to null");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PROXY TCP4 10.1.2.3 192.0.2.1 49153 3306", V4})
  void shouldRefuseHeadersOfStrangers(String header) {
    open(false).writeInbound(Unpooled.wrappedBuffer(bytes(header)));

    assertThat(told).hasSize(1).first().asString().contains("proxy-protocol-networks");
    assertThat(read(channel)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY TCP4 10.1.2.3 192.0.2.1 49153 99999",
        "PROXY TCP4 nobody 192.0.2.1 49153 3306",
        "PROXY TCP4 2001:db8::1 192.0.2.1 1 2",
        "PROXY NONSENSE",
        SIGNATURE + "3111000c0a010203c0000201c0010cea",
        SIGNATURE + "21110004c0010cea",
      })
  void shouldRefuseBrokenHeaders(String header) {
    open(true).writeInbound(Unpooled.wrappedBuffer(bytes(header)));

    assertThat(told).hasSize(1).first().asString().startsWith("refused: PROXY header: ");
    assertThat(read(channel)).isEmpty();
  }

  /** Extras are limited, whatever length a header says. */
  @Test
  void shouldNotGatherWithoutEnd() {
    byte[] begin = ByteBufUtil.decodeHexDump(SIGNATURE + "2111ffff0a010203c0000201c0010cea");
    open(true).writeInbound(Unpooled.wrappedBuffer(begin, new byte[32 * 1024]));

    assertThat(told).hasSize(1).first().asString().startsWith("refused: PROXY header: ");
  }

  private static byte[] written(ProxyProtocol version, @Nullable ClientAddress client) {
    ByteBuf header = version.header(UnpooledByteBufAllocator.DEFAULT, client);
    byte[] bytes = ByteBufUtil.getBytes(header);
    header.release();
    return bytes;
  }

  private static ClientAddress client(String source, String destination) {
    return new ClientAddress(
        new InetSocketAddress(source, 49153), new InetSocketAddress(destination, 3306));
  }

  @Test
  void shouldWriteWhatTheSpecificationSays() {
    assertThat(written(ProxyProtocol.V1, client("10.1.2.3", "192.0.2.1")))
        .asString()
        .isEqualTo("PROXY TCP4 10.1.2.3 192.0.2.1 49153 3306\r\n");
    assertThat(written(ProxyProtocol.V1, client("2001:db8::1", "10.0.0.1")))
        .asString()
        .isEqualTo("PROXY TCP6 2001:db8::1 :: 49153 3306\r\n");
    assertThat(written(ProxyProtocol.V1, null)).asString().isEqualTo("PROXY UNKNOWN\r\n");
    assertThat(written(ProxyProtocol.V2, client("10.1.2.3", "192.0.2.1")))
        .asHexString()
        .isEqualToIgnoringCase(V4);
    assertThat(written(ProxyProtocol.V2, client("2001:db8::1", "2001:db8::2")))
        .asHexString()
        .isEqualToIgnoringCase(V6);
    assertThat(written(ProxyProtocol.V2, null))
        .asHexString()
        .isEqualToIgnoringCase(SIGNATURE + "20000000");
    assertThat(written(ProxyProtocol.NONE, client("10.1.2.3", "192.0.2.1"))).isEmpty();
  }

  @Test
  void shouldKnowWhoMayForward() {
    ProxyNetworks networks = ProxyNetworks.of(List.of("10.0.0.0/8", "192.0.2.7", "fd00::/8"));

    assertThat(List.of("10.255.1.2", "192.0.2.7", "fd12::1"))
        .allMatch(host -> networks.contains(new InetSocketAddress(host, 1)));
    assertThat(List.of("11.0.0.1", "192.0.2.8", "fe80::1"))
        .noneMatch(host -> networks.contains(new InetSocketAddress(host, 1)));
    assertThat(ProxyNetworks.NONE.contains(new InetSocketAddress("10.0.0.1", 1))).isFalse();
    assertThat(ProxyNetworks.of(List.of("0.0.0.0/0")).contains(new InetSocketAddress("9.9.9.9", 1)))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*", "10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "host.example", "::1/x"})
  void shouldRefuseWhatIsNoNetwork(String network) {
    assertThatThrownBy(() -> ProxyNetworks.of(List.of(network)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(expected: ");
  }
}
