package io.sluice.mysql.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.account.Account;
import io.sluice.mysql.account.AccountTable;
import io.sluice.mysql.account.TlsRequirement;
import io.sluice.mysql.auth.AuthPlugin;
import io.sluice.mysql.auth.CertificateProof;
import io.sluice.mysql.auth.Proof;
import io.sluice.mysql.auth.ProvenCredentials;
import io.sluice.mysql.auth.Scramble;
import io.sluice.mysql.auth.ServerAuthStep;
import io.sluice.mysql.auth.ServerAuthenticator;
import io.sluice.mysql.auth.StoredVerifier;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.message.AuthSwitchRequest;
import io.sluice.mysql.message.HandshakeResponse41;
import io.sluice.mysql.wire.Packets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides on one login: finds the account, lets its method check the client, and looks for newer
 * accounts once before it refuses. Confined to the event loop; slow arithmetic runs elsewhere.
 *
 * <p>A user that does not exist goes through the same exchange as one with another password.
 */
final class AccountCheck {

  /** The connection as the check needs it. */
  interface Wire {
    /** Sends one packet; ownership goes with the call. */
    void send(ByteBuf framed);

    /** The number for that packet. */
    int nextSequence();

    /** The client's next packet goes to {@link AccountCheck#onData}. */
    void expectData();

    /** Whether the connection has ended meanwhile. */
    boolean isOver();

    /** For the log. */
    long sessionId();

    /** The fingerprint of the certificate that the client was shown; null without TLS. */
    byte @Nullable [] fingerprint();

    /** The client is in; the OK has that text. */
    void accept(ProvenCredentials credentials, String info);

    /** The client is not in. */
    void refuse(ReplyError error, String why);
  }

  private static final Logger LOGGER = LoggerFactory.getLogger(AccountCheck.class);

  private static final int ACCOUNT_LOCKED_MYSQL = 3118;
  private static final int ACCOUNT_LOCKED_MARIADB = 4151;
  private static final int PASSWORD_EXPIRED = 1862;

  private final MySqlClientProtocol protocol;
  private final HandshakeResponse41 login;
  private final String host;
  private final boolean secure;
  private final Wire wire;
  private final boolean namesPlugin;
  private final boolean again;
  private @Nullable AuthPlugin plugin;
  private byte[] nonce;
  private byte[] data;
  private @Nullable EventLoop loop;
  private @Nullable Account account;
  private @Nullable ServerAuthenticator authenticator;
  private boolean refreshed;
  private boolean switched;
  private boolean firstData;

  /**
   * Prepares a check.
   *
   * @param nonce what the client was given with the greeting
   * @param again whether the connection is logged in already: then the client's first answer is
   *     never taken, and it is asked for another
   */
  AccountCheck(
      MySqlClientProtocol protocol,
      HandshakeResponse41 login,
      String host,
      byte[] nonce,
      boolean secure,
      boolean again,
      Wire wire) {
    this.protocol = protocol;
    this.login = login;
    this.host = host;
    this.nonce = nonce.clone();
    this.secure = secure;
    this.again = again;
    this.wire = wire;
    this.namesPlugin = login.capabilities().has(Capabilities.PLUGIN_AUTH);
    String named = login.authPlugin();
    this.plugin = named == null ? AuthPlugin.NATIVE_PASSWORD : AuthPlugin.of(named);
    this.data = login.authResponse();
  }

  /** Begins; everything happens on that loop. */
  void start(EventLoop eventLoop) {
    loop = eventLoop;
    AccountTable table = protocol.accounts().current();
    if (table.isLoaded()) {
      decide(table);
    } else {
      refresh();
    }
  }

  private void refresh() {
    refreshed = true;
    EventLoop here = loop;
    if (here != null) {
      protocol
          .accounts()
          .refresh(
              here,
              table -> {
                if (!wire.isOver()) {
                  decide(table);
                }
              });
    }
  }

  /** Finds the account and begins its method, or goes on where the last try left off. */
  private void decide(AccountTable table) {
    Optional<Account> match = table.match(login.user(), host);
    if (match.isEmpty() && !refreshed) {
      refresh();
      return;
    }
    account = match.orElse(null);
    StoredVerifier verifier =
        match.isEmpty()
            ? StoredVerifier.ofNobody(protocol.defaultPlugin(), protocol.random())
            : match.get().verifierFor(plugin);
    if (verifier == null) {
      deny(
          "the account's method is not supported: "
              + match.map(Account::methodNames).orElse("")
              + " (expected: "
              + AuthPlugin.SPOKEN
              + ")");
      return;
    }
    boolean same = verifier.plugin() == plugin && (!again || switched);
    if (!same && (switched || !namesPlugin)) {
      deny("the client cannot change to " + verifier.plugin().wireName());
      return;
    }
    if (!same) {
      nonce = Scramble.newNonce(protocol.random());
    }
    authenticator =
        new ServerAuthenticator(verifier, nonce, secure, protocol.passwords(), protocol.keys());
    firstData = true;
    if (same) {
      step(authenticator.onData(data));
    } else {
      switched = true;
      plugin = verifier.plugin();
      send(
          new AuthSwitchRequest(plugin.wireName(), Arrays.copyOf(nonce, nonce.length + 1))::encode);
      wire.expectData();
    }
  }

  /** The client's packet that was waited for. */
  void onData(byte[] bytes) {
    ServerAuthenticator running = authenticator;
    if (running == null) {
      return;
    }
    if (firstData) {
      data = bytes;
    }
    step(running.onData(bytes));
  }

  private void step(ServerAuthStep step) {
    switch (step.kind()) {
      case CONTINUE -> {
        firstData = false;
        sendBytes(step.payload());
        wire.expectData();
      }
      case COMPUTE -> compute(step.compute());
      case PROVEN -> {
        if (step.payload().length > 0) {
          sendBytes(step.payload());
        }
        proven(step.proof());
      }
      case REFUSED -> refused(step.reason());
    }
  }

  private void compute(@Nullable Supplier<ServerAuthStep> work) {
    EventLoop here = loop;
    if (work == null || here == null) {
      return;
    }
    try {
      protocol
          .slowExecutor()
          .execute(
              () -> {
                ServerAuthStep next = work.get();
                here.execute(
                    () -> {
                      if (!wire.isOver()) {
                        step(next);
                      }
                    });
              });
    } catch (RejectedExecutionException e) {
      deny("the proxy stops");
    }
  }

  /** Wrong password: maybe it was changed a moment ago. */
  private void refused(String reason) {
    Account tried = account;
    EventLoop here = loop;
    if (refreshed || here == null) {
      deny(reason);
      return;
    }
    refreshed = true;
    boolean retry = firstData;
    protocol
        .accounts()
        .refresh(
            here,
            table -> {
              if (wire.isOver()) {
                return;
              }
              if (retry && !table.match(login.user(), host).equals(Optional.ofNullable(tried))) {
                decide(table);
              } else {
                deny(reason);
              }
            });
  }

  private void proven(@Nullable Proof proof) {
    Account found = account;
    if (found == null || proof == null) {
      deny("no account");
      return;
    }
    if (found.tls() == TlsRequirement.CERTIFICATE) {
      deny("the account asks for a client certificate, which listeners do not ask clients for");
    } else if (found.tls() == TlsRequirement.ENCRYPTED && !secure) {
      deny("the account asks for TLS");
    } else if (found.locked()) {
      refuse(
          protocol.greeting().isMariaDb()
              ? new ReplyError(
                  ACCOUNT_LOCKED_MARIADB, "HY000", "Access denied, this account is locked")
              : new ReplyError(
                  ACCOUNT_LOCKED_MYSQL,
                  "HY000",
                  "Access denied for user '"
                      + login.user()
                      + "'@'"
                      + host
                      + "'. Account is locked."),
          "the account is locked");
    } else if (found.isExpired(protocol.now())) {
      refuse(
          new ReplyError(
              PASSWORD_EXPIRED,
              "HY000",
              "Your password has expired. To log in you must change it using a client that supports"
                  + " expired passwords."),
          "the password has expired; change it on a server");
    } else {
      wire.accept(
          new ProvenCredentials(login.user(), found.name(), proof, found.privileges()),
          certificateProof());
    }
  }

  /** What clients of MariaDB 11.4 and later trust a self-signed certificate by. */
  private String certificateProof() {
    ServerAuthenticator done = authenticator;
    byte @Nullable [] fingerprint = wire.fingerprint();
    byte @Nullable [] hash = done == null ? null : done.passwordHash();
    return fingerprint == null || hash == null ? "" : CertificateProof.of(hash, nonce, fingerprint);
  }

  private void deny(String reason) {
    ServerAuthenticator running = authenticator;
    boolean used = running == null ? login.authResponse().length > 0 : running.isPasswordUsed();
    refuse(
        ErrorCode.ACCESS_DENIED.error(
            "Access denied for user '"
                + login.user()
                + "'@'"
                + host
                + "' (using password: "
                + (used ? "YES" : "NO")
                + ")"),
        account == null
            ? protocol.accounts().current().explainNoMatch(login.user(), host)
            : reason);
  }

  private void refuse(ReplyError error, String why) {
    Account found = account;
    LOGGER
        .atInfo()
        .addKeyValue("service", protocol.service())
        .addKeyValue("session", wire.sessionId())
        .addKeyValue("user", printable(login.user()))
        .addKeyValue("client", host)
        .addKeyValue("account", found == null ? "none" : found.name())
        .addKeyValue("reason", why)
        .log("login refused");
    wire.refuse(error, "login refused: " + why);
  }

  /** A name as it may stand in a log: whoever knocks chooses it. */
  private static String printable(String name) {
    String cut = name.length() > 80 ? name.substring(0, 80) + "..." : name;
    return cut.replaceAll("\\p{Cntrl}", "?");
  }

  private void sendBytes(byte[] payload) {
    send(out -> out.writeBytes(payload));
  }

  private void send(Consumer<ByteBuf> writer) {
    wire.send(Packets.frame(UnpooledByteBufAllocator.DEFAULT, wire.nextSequence(), writer));
  }
}
