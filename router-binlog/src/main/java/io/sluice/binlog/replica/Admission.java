package io.sluice.binlog.replica;

import io.sluice.api.session.ReplyError;
import io.sluice.mysql.constant.ErrorCode;
import org.jspecify.annotations.Nullable;

/** What keeps a dump from beginning, before the store is asked for its start. */
final class Admission {
  private Admission() {}

  /** The error for a replica that is not served; null for one that is. */
  static @Nullable ReplyError refusal(
      ReplicaContext context, DumpRequest request, PresentedSource source, Replica replica) {
    if (context.maxReplicas() > 0 && context.registry().dumping() >= context.maxReplicas()) {
      return ErrorCode.TOO_MANY_CONNECTIONS.error("Too many connections");
    }
    String foreign = request.foreign(source, replica.isRegistered());
    if (foreign != null) {
      return ErrorCode.MASTER_FATAL.error(foreign);
    }
    // A replica tries again after any error but 1236: soon there will be something to send.
    return context.store().watermark().isEmpty()
        ? ErrorCode.UNKNOWN_ERROR.error("The relay has not received anything from its master yet")
        : null;
  }
}
