package io.sluice.binlog.replica;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.binlog.event.ArtificialEvents;
import io.sluice.binlog.event.FormatDescription;
import io.sluice.binlog.store.StartResult;

/**
 * What a master puts in front of the events of a file: reference §3.2. Each result is framed and
 * belongs to the caller. Confined to the loop of the session.
 */
final class PreambleWriter {
  private final ByteBufAllocator alloc;
  private final PacketFramer framer;
  private final SourceRules rules;

  PreambleWriter(ByteBufAllocator alloc, PacketFramer framer, SourceRules rules) {
    this.alloc = alloc;
    this.framer = framer;
    this.rules = rules;
  }

  /** The artificial ROTATE that names file and position. */
  ByteBuf rotate(long serverId, String file, long position, boolean checksum) {
    return framed(ArtificialEvents.rotate(alloc, serverId, file, position, checksum));
  }

  /** The FORMAT_DESCRIPTION of a file from whose middle the stream starts. */
  ByteBuf formatInTheMiddle(FormatDescription format) {
    return framed(rules.formatInTheMiddle(alloc, format));
  }

  /** ROTATE and FORMAT_DESCRIPTION in front of an error. */
  ByteBuf before(StartResult.Preamble refused, boolean checksum) {
    FormatDescription format = refused.formatDescription();
    ByteBuf rotate = rotate(format.serverId(), refused.file().name(), refused.position(), checksum);
    ByteBuf description = formatInTheMiddle(format);
    try {
      return rotate.writeBytes(description);
    } finally {
      description.release();
    }
  }

  /** Frames an event that was made for this stream; releases it. */
  ByteBuf framed(ByteBuf event) {
    try {
      int length = event.readableBytes();
      ByteBuf out = alloc.directBuffer(length + PacketFramer.OVERHEAD);
      framer.whole(out, event, event.readerIndex(), length);
      return out;
    } finally {
      event.release();
    }
  }
}
