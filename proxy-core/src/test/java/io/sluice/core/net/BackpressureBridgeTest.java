package io.sluice.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BackpressureBridgeTest {

  private final EmbeddedChannel client = channel();
  private final EmbeddedChannel first = channel();
  private final EmbeddedChannel second = channel();
  private final BackpressureBridge bridge = new BackpressureBridge(client);

  private static EmbeddedChannel channel() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAutoRead(false);
    return channel;
  }

  @BeforeEach
  void enable() {
    bridge.enableClient(true);
  }

  @AfterEach
  void close() {
    client.close();
    first.close();
    second.close();
  }

  private BackpressureBridge.Leg leg(EmbeddedChannel channel) {
    BackpressureBridge.Leg leg = bridge.addLeg();
    leg.attach(channel);
    leg.loggedIn();
    return leg;
  }

  private static boolean read(EmbeddedChannel channel) {
    return channel.config().isAutoRead();
  }

  @Test
  void shouldReadTheClientOnlyWhenEnabled() {
    assertThat(read(client)).isTrue();
    bridge.enableClient(false);
    assertThat(read(client)).isFalse();
    bridge.setClientReading(true);
    assertThat(read(client)).isFalse();
  }

  @Test
  void shouldHoldAllServersBackForASlowClient() {
    leg(first);
    leg(second);
    bridge.setClientWritable(false);
    assertThat(read(first)).isFalse();
    assertThat(read(second)).isFalse();
    bridge.setClientWritable(true);
    assertThat(read(first)).isTrue();
    assertThat(read(second)).isTrue();
  }

  @Test
  void shouldHoldTheClientBackUntilTheLastSlowServerIsWritable() {
    BackpressureBridge.Leg one = leg(first);
    BackpressureBridge.Leg two = leg(second);
    one.setWritable(false);
    two.setWritable(false);
    one.setWritable(false);
    assertThat(read(client)).isFalse();
    one.setWritable(true);
    assertThat(read(client)).isFalse();
    two.setWritable(true);
    assertThat(read(client)).isTrue();
  }

  @Test
  void shouldReadTheClientAgainWhenASlowServerGoes() {
    BackpressureBridge.Leg one = leg(first);
    one.setWritable(false);
    one.remove();
    one.remove();
    assertThat(read(client)).isTrue();
    one.setWritable(false);
    assertThat(read(client)).isTrue();
  }

  @Test
  void shouldReadOnlyWhenRouterAndEngineAgree() {
    BackpressureBridge.Leg one = leg(first);
    one.setReading(false);
    bridge.setClientWritable(false);
    bridge.setClientWritable(true);
    assertThat(read(first)).isFalse();
    one.setReading(true);
    assertThat(read(first)).isTrue();
    bridge.setClientReading(false);
    one.setWritable(false);
    one.setWritable(true);
    assertThat(read(client)).isFalse();
    bridge.setClientReading(true);
    assertThat(read(client)).isTrue();
  }

  @Test
  void shouldReadTheClientOnlyWhenItsProtocolAgreesToo() {
    bridge.setClientTakes(false);
    bridge.setClientReading(false);
    bridge.setClientReading(true);
    assertThat(read(client)).isFalse();
    assertThat(bridge.isClientRead()).isFalse();
    bridge.setClientTakes(true);
    assertThat(read(client)).isTrue();
    assertThat(bridge.isClientRead()).isTrue();
  }

  @Test
  void shouldReadAServerThatLogsInWhateverTheClientDoes() {
    bridge.setClientWritable(false);
    BackpressureBridge.Leg one = bridge.addLeg();
    one.attach(first);
    assertThat(read(first)).isTrue();
    one.loggedIn();
    assertThat(read(first)).isFalse();
    assertThat(one.isRead()).isFalse();
  }

  @Test
  void shouldReadAServerWithoutAClient() {
    BackpressureBridge.Leg one = new BackpressureBridge(null).addLeg();
    one.attach(first);
    one.loggedIn();
    assertThat(read(first)).isTrue();
    one.setReading(false);
    assertThat(read(first)).isFalse();
  }
}
