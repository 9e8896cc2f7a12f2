package io.sluice.mysql.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.sluice.mysql.wire.WireReader;
import io.sluice.mysql.wire.WireWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** The attributes of a client at the end of a login packet. */
final class ConnectAttributes {

  private ConnectAttributes() {}

  static Map<String, String> decode(ByteBuf in) {
    ByteBuf list = WireReader.slice(in, WireReader.length(in));
    Map<String, String> attributes = new LinkedHashMap<>();
    while (list.isReadable()) {
      String key = WireReader.lenencString(list);
      attributes.put(key, WireReader.lenencString(list));
    }
    return attributes;
  }

  static void encode(ByteBuf out, Map<String, String> attributes) {
    long total = 0;
    for (Map.Entry<String, String> entry : attributes.entrySet()) {
      total += size(entry.getKey()) + size(entry.getValue());
    }
    WireWriter.lenenc(out, total);
    attributes.forEach(
        (key, value) -> {
          WireWriter.lenencString(out, key);
          WireWriter.lenencString(out, value);
        });
  }

  private static long size(String text) {
    long length = ByteBufUtil.utf8Bytes(text);
    return length + WireWriter.lenencSize(length);
  }
}
