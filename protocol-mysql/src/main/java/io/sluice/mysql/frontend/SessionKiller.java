package io.sluice.mysql.frontend;

import io.sluice.api.session.CloseReason;
import io.sluice.api.session.Credentials;
import io.sluice.api.session.Failure;
import io.sluice.api.session.Identity;
import io.sluice.api.session.ReplyError;
import io.sluice.api.session.SessionOwner;
import io.sluice.api.session.Sessions;
import io.sluice.mysql.auth.ProvenCredentials;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.constant.Privilege;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends sessions of a service, or what they do, for clients who ask: the number is the one that the
 * greeting told, which is the proxy's. As on a server a user may do that to own sessions, and to
 * those of others with a privilege. Stateless; any thread.
 */
final class SessionKiller {

  private static final Logger LOGGER = LoggerFactory.getLogger(SessionKiller.class);

  private final Sessions sessions;
  private final String service;

  SessionKiller(Sessions sessions, String service) {
    this.sessions = sessions;
    this.service = service;
  }

  /**
   * Does it.
   *
   * @param by whose request it is
   * @param own the number of the session that asks
   * @return null when it was done, or what to tell the client; never fails
   */
  CompletionStage<@Nullable ReplyError> kill(KillStatement kill, Identity by, long own) {
    long id = kill.id();
    if (id < 0) {
      return done(
          ErrorCode.NOT_SUPPORTED.error(
              "KILL of anything but one session by its number is not supported by the proxy"));
    }
    if (id == own) {
      return done(ErrorCode.QUERY_INTERRUPTED.error("Query execution was interrupted"));
    }
    Optional<SessionOwner> owner =
        sessions.owner(id).filter(found -> found.service().equals(service));
    if (owner.isEmpty()) {
      return done(ErrorCode.NO_SUCH_THREAD.error("Unknown thread id: " + id));
    }
    if (!isOwn(owner.get(), by) && !mayKillOthers(by.credentials())) {
      return done(ErrorCode.KILL_DENIED.error("You are not owner of thread " + id));
    }
    LOGGER
        .atInfo()
        .addKeyValue("service", service)
        .addKeyValue("session", own)
        .addKeyValue("user", by.user())
        .addKeyValue("target", id)
        .addKeyValue("target_user", owner.get().user())
        .addKeyValue("what", kill.connection() ? "connection" : "query")
        .log("kill");
    return kill.connection() ? end(id, by) : interrupt(id);
  }

  /** One that has not logged in yet is nobody's, also where the user has an empty name. */
  private static boolean isOwn(SessionOwner owner, Identity by) {
    return !owner.user().isEmpty() && owner.user().equals(by.user());
  }

  private CompletionStage<@Nullable ReplyError> end(long id, Identity by) {
    // What its servers do ends too, but nobody waits for that.
    sessions.interrupt(id).whenComplete((told, cause) -> note(id, cause));
    ReplyError error = ErrorCode.CONNECTION_KILLED.error("Connection was killed");
    String text = "killed by user " + by.user();
    boolean found = sessions.kill(id, Failure.lasting(CloseReason.KILLED, text, error));
    return done(found ? null : ErrorCode.NO_SUCH_THREAD.error("Unknown thread id: " + id));
  }

  private CompletionStage<@Nullable ReplyError> interrupt(long id) {
    return sessions
        .interrupt(id)
        .handle(
            (told, cause) -> {
              note(id, cause);
              return cause == null
                  ? null
                  : ErrorCode.UNKNOWN_ERROR.error(
                      "The query of session " + id + " could not be interrupted at its server");
            });
  }

  private void note(long id, @Nullable Throwable cause) {
    if (cause != null) {
      LOGGER
          .atWarn()
          .addKeyValue("service", service)
          .addKeyValue("target", id)
          .addKeyValue("cause", String.valueOf(cause.getMessage()))
          .log("server could not be told to break off a query");
    }
  }

  private static boolean mayKillOthers(Credentials credentials) {
    return credentials instanceof ProvenCredentials proven
        && (proven.has(Privilege.CONNECTION_ADMIN) || proven.has(Privilege.SUPER));
  }

  private static CompletionStage<@Nullable ReplyError> done(@Nullable ReplyError error) {
    return CompletableFuture.completedStage(error);
  }
}
