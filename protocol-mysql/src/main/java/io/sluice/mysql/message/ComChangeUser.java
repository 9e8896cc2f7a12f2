package io.sluice.mysql.message;

import io.netty.buffer.ByteBuf;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.wire.WireReader;
import io.sluice.mysql.wire.WireWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A login as somebody else on an open connection. Source: the COM_CHANGE_USER page of the public
 * MariaDB protocol reference.
 *
 * @param user the name
 * @param authResponse what the authentication method answers to the greeting's nonce, up to 255
 *     bytes
 * @param database the default database, or null
 * @param collation the number of the collation; 0 when the client did not tell
 * @param authPlugin the method, or null
 * @param attributes what the client tells of itself
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out; never compared
public record ComChangeUser(
    String user,
    byte[] authResponse,
    @Nullable String database,
    int collation,
    @Nullable String authPlugin,
    Map<String, String> attributes) {

  /** Copies bytes and attributes. */
  public ComChangeUser {
    authResponse = authResponse.clone();
    attributes = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  @Override
  public byte[] authResponse() {
    return authResponse.clone();
  }

  /** Reads the payload, command byte included. */
  public static ComChangeUser decode(ByteBuf in, Capabilities capabilities) {
    CommandBytes.expect(in, Command.CHANGE_USER);
    String user = WireReader.nulString(in);
    byte[] response = WireReader.bytes(in, WireReader.u1(in));
    String database = WireReader.nulString(in);
    int collation = in.isReadable() ? WireReader.u2(in) : 0;
    String plugin = null;
    if (capabilities.has(Capabilities.PLUGIN_AUTH) && in.isReadable()) {
      plugin = WireReader.nulString(in);
    }
    Map<String, String> attributes = Map.of();
    if (capabilities.has(Capabilities.CONNECT_ATTRS) && in.isReadable()) {
      attributes = ConnectAttributes.decode(in);
    }
    return new ComChangeUser(
        user, response, database.isEmpty() ? null : database, collation, plugin, attributes);
  }

  /** Writes the payload, command byte included. */
  public void encode(ByteBuf out, Capabilities capabilities) {
    WireWriter.u1(out, Command.CHANGE_USER.code());
    WireWriter.nulString(out, user);
    WireWriter.u1(out, authResponse.length);
    WireWriter.bytes(out, authResponse);
    WireWriter.nulString(out, database == null ? "" : database);
    WireWriter.u2(out, collation);
    if (capabilities.has(Capabilities.PLUGIN_AUTH)) {
      WireWriter.nulString(out, authPlugin == null ? "" : authPlugin);
    }
    if (capabilities.has(Capabilities.CONNECT_ATTRS)) {
      ConnectAttributes.encode(out, attributes);
    }
  }

  @Override
  public String toString() {
    return "ComChangeUser[user=" + user + ", database=" + database + "]";
  }
}
