package io.sluice.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.testkit.await.Await;
import io.sluice.testkit.server.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ListenerIT {

  private final EventLoops loops = EventLoops.create(1);

  @AfterEach
  void stop() {
    loops.close();
  }

  @Test
  void shouldNameListenerAndAddressWhenItCannotBind() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      Listener listener =
          new Listener("app-main", "127.0.0.1", taken.getLocalPort(), loops, channel -> {});
      assertThatThrownBy(listener::start)
          .isInstanceOf(ListenException.class)
          .hasMessageContaining("app-main")
          .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
          .hasMessageContaining("in use");
      assertThat(listener.state()).isEqualTo(Listener.State.FAILED);
      assertThat(listener.message()).contains("in use");
    }
  }

  @Test
  void shouldRefuseAnUnknownHostName() {
    Listener listener = new Listener("app-main", "no-such-host.invalid", 4000, loops, c -> {});
    assertThatThrownBy(listener::start)
        .isInstanceOf(ListenException.class)
        .hasMessageContaining("no-such-host.invalid:4000");
  }

  @Test
  void shouldStopAndStartAgainOnTheSamePortAndKeepItsConnections() throws IOException {
    Listener first = new Listener("l", "127.0.0.1", Ports.free(), loops, channel -> {});
    first.start();
    int port = first.port();
    first.stop();
    Listener listener = new Listener("l", "127.0.0.1", port, loops, channel -> {});
    listener.start();
    try (Socket kept = new Socket("127.0.0.1", port)) {
      Await.until("accepted", () -> listener.accepted() == 1 && listener.open() == 1);
      listener.stop();
      assertThat(listener.state()).isEqualTo(Listener.State.STOPPED);
      assertThatThrownBy(() -> new Socket("127.0.0.1", port).close())
          .isInstanceOf(IOException.class);
      assertThat(listener.open()).isEqualTo(1);
      listener.start();
      listener.start();
      try (Socket second = new Socket("127.0.0.1", port)) {
        Await.until("accepted", () -> listener.accepted() == 2);
      }
    }
    Await.until("connections are counted down", () -> listener.open() == 0);
    listener.stop();
  }
}
