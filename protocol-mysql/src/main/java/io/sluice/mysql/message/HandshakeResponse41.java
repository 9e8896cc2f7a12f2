package io.sluice.mysql.message;

import io.netty.buffer.ByteBuf;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.wire.ProtocolException;
import io.sluice.mysql.wire.WireReader;
import io.sluice.mysql.wire.WireWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client's login. Source: the connection page of the public MariaDB protocol reference.
 *
 * @param capabilities what the client wants
 * @param maxPacket the longest payload that the client takes, in bytes
 * @param collation the number of the collation, its lowest byte
 * @param user the name
 * @param authResponse what the authentication method answers to the nonce
 * @param database the default database, or null
 * @param authPlugin the method, or null when the client names none
 * @param attributes what the client tells of itself
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out; never compared
public record HandshakeResponse41(
    Capabilities capabilities,
    long maxPacket,
    int collation,
    String user,
    byte[] authResponse,
    @Nullable String database,
    @Nullable String authPlugin,
    Map<String, String> attributes) {

  /** Copies bytes and attributes. */
  public HandshakeResponse41 {
    authResponse = authResponse.clone();
    attributes = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
  }

  @Override
  public byte[] authResponse() {
    return authResponse.clone();
  }

  /** Whether a client's first payload asks for TLS rather than logging in; indices stay. */
  public static boolean isSslRequest(ByteBuf payload) {
    return payload.readableBytes() == SslRequest.LENGTH
        && (payload.getIntLE(payload.readerIndex()) & Capabilities.SSL) != 0;
  }

  /** Reads the payload. */
  public static HandshakeResponse41 decode(ByteBuf in) {
    if (in.readableBytes() < 2
        || (in.getUnsignedShortLE(in.readerIndex()) & Capabilities.PROTOCOL_41) == 0) {
      throw new ProtocolException(
          ErrorCode.BAD_HANDSHAKE, "login: protocol before 4.1 (expected: 4.1 or later)");
    }
    SslRequest start = SslRequest.decode(in);
    Capabilities capabilities = start.capabilities();
    String user = WireReader.nulString(in);
    byte[] response;
    if (capabilities.has(Capabilities.PLUGIN_AUTH_LENENC)) {
      response = WireReader.lenencBytes(in);
    } else if (capabilities.has(Capabilities.SECURE_CONNECTION)) {
      response = WireReader.bytes(in, WireReader.u1(in));
    } else {
      response = WireReader.nulBytes(in);
    }
    String database = null;
    if (capabilities.has(Capabilities.CONNECT_WITH_DB) && in.isReadable()) {
      database = WireReader.nulString(in);
    }
    String plugin = null;
    if (capabilities.has(Capabilities.PLUGIN_AUTH) && in.isReadable()) {
      plugin = WireReader.nulString(in);
    }
    Map<String, String> attributes = Map.of();
    if (capabilities.has(Capabilities.CONNECT_ATTRS) && in.isReadable()) {
      attributes = ConnectAttributes.decode(in);
    }
    return new HandshakeResponse41(
        capabilities,
        start.maxPacket(),
        start.collation(),
        user,
        response,
        database == null || database.isEmpty() ? null : database,
        plugin,
        attributes);
  }

  /** Writes the payload in the form that {@link #capabilities()} say. */
  public void encode(ByteBuf out) {
    new SslRequest(capabilities, maxPacket, collation).encode(out);
    WireWriter.nulString(out, user);
    if (capabilities.has(Capabilities.PLUGIN_AUTH_LENENC)) {
      WireWriter.lenencBytes(out, authResponse);
    } else if (capabilities.has(Capabilities.SECURE_CONNECTION)) {
      WireWriter.u1(out, authResponse.length);
      WireWriter.bytes(out, authResponse);
    } else {
      WireWriter.bytes(out, authResponse);
      WireWriter.u1(out, 0);
    }
    if (capabilities.has(Capabilities.CONNECT_WITH_DB)) {
      WireWriter.nulString(out, database == null ? "" : database);
    }
    if (capabilities.has(Capabilities.PLUGIN_AUTH)) {
      WireWriter.nulString(out, authPlugin == null ? "" : authPlugin);
    }
    if (capabilities.has(Capabilities.CONNECT_ATTRS)) {
      ConnectAttributes.encode(out, attributes);
    }
  }

  @Override
  public String toString() {
    return "HandshakeResponse41[capabilities="
        + capabilities
        + ", collation="
        + collation
        + ", user="
        + user
        + ", database="
        + database
        + ", authPlugin="
        + authPlugin
        + "]";
  }
}
