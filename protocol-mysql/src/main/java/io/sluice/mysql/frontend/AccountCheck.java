package io.sluice.mysql.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.sluice.api.session.ReplyError;
import io.sluice.mysql.account.Account;
import io.sluice.mysql.account.AccountTable;
import io.sluice.mysql.auth.AuthPlugin;
import io.sluice.mysql.auth.Proof;
import io.sluice.mysql.auth.ProvenCredentials;
import io.sluice.mysql.auth.StoredVerifier;
import io.sluice.mysql.constant.ErrorCode;
import io.sluice.mysql.frontend.LoginPolicy.Refusal;
import io.sluice.mysql.message.HandshakeResponse41;
import io.sluice.mysql.tls.ClientTls;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides on one login: finds the account, lets its methods check the client, and looks for
 * accounts newer than the login once before it refuses. Confined to the event loop.
 *
 * <p>A user that does not exist goes through the same exchange as one with another password.
 */
final class AccountCheck implements MethodExchange.Outcome {

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

    /** The nonce that the client would prove a certificate with. Not to be changed. */
    byte[] connectionNonce();

    /** The client was given another one. */
    void connectionNonce(byte[] nonce);

    /** What is known of the client's side of TLS; null without TLS. */
    @Nullable ClientTls tls();

    /** The client is in; the OK has that text. */
    void accept(ProvenCredentials credentials, String info);

    /** The client is not in. */
    void refuse(ReplyError error, String why);
  }

  private static final Logger LOGGER = LoggerFactory.getLogger(AccountCheck.class);

  private final MySqlClientProtocol protocol;
  private final HandshakeResponse41 login;
  private final String host;
  private final boolean secure;
  private final boolean again;
  private final Wire wire;
  private final MethodExchange exchange;
  private final EventLoop loop;
  private AccountTable current = AccountTable.NOTHING;
  private @Nullable Account account;
  private boolean refreshed;

  /**
   * Prepares a check.
   *
   * @param loop where everything happens
   * @param again whether the connection is logged in already: then the client's first answer is
   *     never taken, and it is asked for another
   */
  AccountCheck(
      MySqlClientProtocol protocol,
      EventLoop loop,
      HandshakeResponse41 login,
      String host,
      boolean secure,
      boolean again,
      Wire wire) {
    this.protocol = protocol;
    this.loop = loop;
    this.login = login;
    this.host = host;
    this.secure = secure;
    this.again = again;
    this.wire = wire;
    this.exchange = new MethodExchange(protocol, wire, loop, login, secure, again, this);
  }

  /** Begins. */
  void start() {
    AccountTable table = protocol.accounts().current();
    if (table.isLoaded()) {
      decide(table);
    } else {
      // The first load may have begun before the account was made: it is no reason to refuse.
      refresh(true);
    }
  }

  private void refresh(boolean first) {
    refreshed = true;
    protocol
        .accounts()
        .refresh(
            loop,
            table -> {
              if (!wire.isOver()) {
                refreshed = !(first && table.isLoaded());
                decide(table);
              }
            });
  }

  /** Finds the account and begins its methods. */
  private void decide(AccountTable table) {
    current = table;
    Optional<Account> match = table.match(login.user(), host);
    if (match.isEmpty() && !refreshed) {
      refresh(false);
      return;
    }
    account = match.orElse(null);
    List<StoredVerifier> verifiers =
        match.isEmpty()
            ? List.of(asking(protocol.decoy(table, login.user())))
            : verifiers(match.get());
    if (verifiers.isEmpty()) {
      explain(
          "the account's method is not supported: "
              + match.map(Account::methodNames).orElse("")
              + " (expected: "
              + AuthPlugin.SPOKEN
              + ")");
      return;
    }
    exchange.check(verifiers);
  }

  private List<StoredVerifier> verifiers(Account found) {
    return found.verifiersFor(exchange.method()).stream().map(this::asking).toList();
  }

  /** What lets nobody in stays as it is. */
  private StoredVerifier asking(StoredVerifier verifier) {
    return secure
            && protocol.asksForPasswords()
            && verifier.plugin().signs()
            && verifier.isWellFormed()
        ? verifier.askingForPassword()
        : verifier;
  }

  /** The client's packet that was waited for. */
  void onData(byte[] bytes) {
    exchange.onData(bytes);
  }

  /** Wrong password: maybe it was changed a moment ago. */
  @Override
  public void refused(String reason) {
    Optional<Account> tried = Optional.ofNullable(account);
    if (refreshed) {
      deny(reason);
      return;
    }
    refreshed = true;
    protocol
        .accounts()
        .refresh(
            loop,
            table -> {
              if (wire.isOver()) {
                return;
              }
              Optional<Account> now = table.match(login.user(), host);
              current = table;
              account = now.isPresent() && !now.equals(tried) ? now.get() : account;
              if (now.isEmpty()
                  || now.equals(tried)
                  || !exchange.checkAgain(verifiers(now.get()))) {
                deny(reason);
              }
            });
  }

  @Override
  public void proven(Proof proof, String certificateProof) {
    Account found = account;
    if (found == null) {
      deny("no account");
      return;
    }
    Refusal refusal = judge(found);
    if (refusal == null) {
      if (!again) {
        // Who is in already could forgive itself each guess at others.
        protocol.failures().succeeded(host);
      }
      ProvenCredentials credentials =
          new ProvenCredentials(
              login.user(),
              found.name(),
              proof,
              found.privileges(),
              found.isExpired(protocol.now()));
      wire.accept(
          isMapped(found) ? protocol.mapping().apply(credentials) : credentials, certificateProof);
    } else if (refreshed) {
      refuse(refusal.error(), refusal.reason());
    } else {
      judgeAnew(found, proof, certificateProof, refusal);
    }
  }

  /** Whether it is another user on servers. The anonymous account takes whatever name is given. */
  private boolean isMapped(Account found) {
    return !found.user().isEmpty()
        && found.user().equals(login.user())
        && protocol.mapping().has(login.user());
  }

  private @Nullable Refusal judge(Account found) {
    Refusal refusal =
        LoginPolicy.judge(
            current,
            found,
            login,
            host,
            wire.tls(),
            protocol.now(),
            protocol.greeting().isMariaDb(),
            denied());
    // Databases are those of the user that the client is on the servers.
    return refusal != null || isMapped(found)
        ? refusal
        : LoginPolicy.judgeDatabase(current, found, login, host);
  }

  /** Maybe the account or its grants were changed a moment ago. */
  private void judgeAnew(Account found, Proof proof, String certificateProof, Refusal refusal) {
    refreshed = true;
    protocol
        .accounts()
        .refresh(
            loop,
            table -> {
              if (wire.isOver()) {
                return;
              }
              Account now = table.match(login.user(), host).orElse(null);
              if (now != null && now.methods().equals(found.methods())) {
                current = table;
                account = now;
                proven(proof, certificateProof);
              } else {
                refuse(refusal.error(), refusal.reason());
              }
            });
  }

  private void deny(String reason) {
    if (current.isLoaded()) {
      // Without accounts nothing was tried.
      protocol.failures().failed(host);
    }
    explain(reason);
  }

  /** Refuses, and tells the log what else may surprise. */
  private void explain(String reason) {
    Account found = account;
    refuse(
        denied(),
        found == null
            ? protocol.accounts().current().explainNoMatch(login.user(), host)
            : reason + current.explainMatch(found, login.user(), host));
  }

  private ReplyError denied() {
    return ErrorCode.ACCESS_DENIED.error(
        "Access denied for user '"
            + login.user()
            + "'@'"
            + host
            + "' (using password: "
            + (exchange.isPasswordUsed() ? "YES" : "NO")
            + ")");
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
}
