package io.sluice.mysql.frontend;

import io.sluice.testkit.wire.WireClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A process of its own whose clients log in and then do nothing until it is told to end. Arguments:
 * the port, how many, and whether each asks once.
 */
final class IdleClients {

  static final String READY = "ready";

  private IdleClients() {}

  public static void main(String[] arguments) throws IOException {
    int port = Integer.parseInt(arguments[0]);
    List<WireClient> clients = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
      WireClient client = WireClient.connect("127.0.0.1", port, "app", "apppw");
      if (Boolean.parseBoolean(arguments[2])) {
        client.query("SELECT 1");
      }
      clients.add(client);
    }
    System.out.write((READY + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    System.out.flush();
    while (System.in.read() >= 0) {
      // Until the other side closes it.
    }
    clients.forEach(WireClient::close);
  }
}
