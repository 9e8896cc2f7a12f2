package io.sluice.mysql.frontend;

import io.netty.buffer.ByteBuf;
import io.sluice.api.protocol.Capability;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.Command;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.constant.ServerStatus;
import io.sluice.mysql.request.MySqlRequest;
import io.sluice.mysql.request.QueryAttributes;
import io.sluice.mysql.sql.Backslash;
import io.sluice.mysql.sql.Statement;
import io.sluice.mysql.sql.StatementCache;
import io.sluice.mysql.wire.Packets;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what the first bytes of a client's request tell. Confined to the event loop. */
final class RequestReader {

  /** Requests up to this size are gathered, whoever asks for it. */
  private static final int SHORT = 64 * 1024;

  /** The command byte and a statement id. */
  private static final int HEAD = 5;

  private final boolean gathers;
  private final boolean classifies;
  private final boolean routerKills;
  private final Capabilities agreed;

  RequestReader(Set<Capability> prepare, Capabilities agreed) {
    this.agreed = agreed;
    this.routerKills = prepare.contains(Capability.SESSION_CONTROL);
    this.classifies = prepare.contains(Capability.STATEMENTS);
    this.gathers = classifies || prepare.contains(Capability.WHOLE_REQUESTS);
  }

  /** How many bytes must be here, of a first packet with this length, before it is looked at. */
  int needed(int length) {
    return Packets.HEADER + (gathers || length <= SHORT ? length : HEAD);
  }

  /** What is not handed on. */
  @Nullable ReplyError refusal(Command command) {
    boolean known =
        switch (command) {
          case UNKNOWN, CONNECT, TIME, DELAYED_INSERT, TABLE_DUMP, CONNECT_OUT, DAEMON -> false;
          case STMT_BULK_EXECUTE -> agreed.has(Capabilities.MARIADB_BULK);
          default -> true;
        };
    return known ? null : ErrorCode.UNKNOWN_COMMAND.error("Unknown command");
  }

  /**
   * The request that begins here.
   *
   * @param in with its header; the indices stay
   * @param code the command byte
   * @param size how many bytes of it are here, header included
   * @param whole whether that is all of it
   * @param serverStatus the last status word
   */
  MySqlRequest read(ByteBuf in, int code, int size, boolean whole, int serverStatus) {
    int start = in.readerIndex() + Packets.HEADER + 1;
    int rest = size - Packets.HEADER - 1;
    long statementId = MySqlRequest.NO_STATEMENT_ID;
    int textOffset = 1;
    Statement statement = null;
    Command command = Command.of(code);
    switch (command) {
      case STMT_EXECUTE,
          STMT_BULK_EXECUTE,
          STMT_SEND_LONG_DATA,
          STMT_CLOSE,
          STMT_RESET,
          STMT_FETCH -> {
        if (rest >= Integer.BYTES) {
          statementId = in.getUnsignedIntLE(start);
        }
      }
      case QUERY, STMT_PREPARE -> {
        int before = command == Command.QUERY ? attributes(in.slice(start, rest)) : 0;
        textOffset = before < 0 ? before : 1 + before;
        if (classifies && whole && before >= 0) {
          statement =
              StatementCache.local()
                  .classify(in, start + before, rest - before, backslash(serverStatus));
        }
      }
      default -> {
        // Nothing else is looked into.
      }
    }
    return new MySqlRequest(code, statement, statementId, textOffset);
  }

  /**
   * What a request asks the proxy itself to kill.
   *
   * @param in with its header; the indices stay
   * @param code the command byte
   * @param length of the payload, which is here as a whole
   * @return null if it is something else, or if the router wants to do that itself
   */
  @Nullable KillStatement kill(ByteBuf in, int code, int length) {
    if (routerKills) {
      return null;
    }
    int start = in.readerIndex() + Packets.HEADER + 1;
    int rest = length - 1;
    if (code == Command.PROCESS_KILL.code()) {
      return rest < Integer.BYTES
          ? KillStatement.OTHER
          : new KillStatement(in.getUnsignedIntLE(start), true);
    }
    if (code != Command.QUERY.code() || rest <= 0) {
      return null;
    }
    int before = attributes(in.slice(start, rest));
    if (before < 0
        || before >= rest
        || !KillStatement.mayBeginWith(in.getUnsignedByte(start + before))) {
      return null;
    }
    return KillStatement.parse(
        in.toString(start + before, rest - before, StandardCharsets.ISO_8859_1));
  }

  /** How many bytes stand before the text of a statement; -1 if that is not known. */
  private int attributes(ByteBuf payload) {
    return agreed.has(Capabilities.QUERY_ATTRIBUTES) ? QueryAttributes.length(payload) : 0;
  }

  /**
   * A status word of 0 may be a real one or none at all, so that a bit from before it may be out of
   * date: then, and as long as there was no answer, it is not known.
   */
  private static Backslash backslash(int serverStatus) {
    boolean plain = (serverStatus & ServerStatus.NO_BACKSLASH_ESCAPES) != 0;
    return serverStatus == 0 || plain ? Backslash.UNKNOWN : Backslash.ESCAPES;
  }
}
