package io.sluice.binlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.mysql.auth.Scramble;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.message.ComChangeUser;
import io.sluice.testkit.server.MariaDbServer;
import io.sluice.testkit.wire.WireClient;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** COM_CHANGE_USER on the relay's own port. */
class ChangeUserIT {
  private static final String SEEN = "SELECT CURRENT_USER(), @left";

  @TempDir Path data;

  @Test
  void shouldBeAnotherUserWithoutTheVariablesOfTheFirst() {
    try (MariaDbServer master = MariaDbServer.builder().serverId(1).binlog("m-bin").start()) {
      RelayHarness.createUser(master);
      master.createUser("other", "otherpw");
      try (RelayHarness relay = RelayHarness.start(data, master);
          WireClient client =
              WireClient.connect(
                  "127.0.0.1", relay.port(), RelayHarness.USER, RelayHarness.PASSWORD)) {
        client.query("SET @left = 5");
        assertThat(client.query(SEEN).rows()).hasToString("[[" + RelayHarness.USER + "@%, 5]]");

        change(client, "other", "otherpw");

        assertThat(client.query(SEEN).rows()).hasToString("[[other@%, null]]");
      }
    }
  }

  private static void change(WireClient client, String user, String password) {
    ByteBuf request = Unpooled.buffer();
    new ComChangeUser(user, new byte[0], null, 45, "mysql_native_password", Map.of())
        .encode(request, new Capabilities(WireClient.DEFAULT_CAPABILITIES));
    byte[] payload = new byte[request.readableBytes()];
    request.readBytes(payload);
    client.command(payload);
    byte[] asked = client.read().payload();
    byte[] nonce = Arrays.copyOfRange(asked, asked.length - 21, asked.length - 1);
    client.write(2, Scramble.nativeResponse(Scramble.sha1(password.getBytes(UTF_8)), nonce));
    client.expectOk();
  }
}
