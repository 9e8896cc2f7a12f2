package io.sluice.mysql.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.sluice.mysql.auth.AuthPlugin;
import io.sluice.mysql.auth.CertificateProof;
import io.sluice.mysql.auth.Proof;
import io.sluice.mysql.auth.Scramble;
import io.sluice.mysql.auth.ServerAuthStep;
import io.sluice.mysql.auth.ServerAuthenticator;
import io.sluice.mysql.auth.StoredVerifier;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.message.AuthSwitchRequest;
import io.sluice.mysql.message.HandshakeResponse41;
import io.sluice.mysql.wire.Packets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets the methods of one account check one client, one after the other until one is satisfied; a
 * client that used another method is asked to switch. Confined to the event loop; slow arithmetic
 * runs elsewhere.
 */
final class MethodExchange {

  /** What comes of it; one of the two is called once for each {@link #check}. */
  interface Outcome {
    /** The client is who it says; the text is for the info field of the OK. */
    void proven(Proof proof, String certificateProof);

    /** It is not, for this reason. */
    void refused(String reason);
  }

  private final MySqlClientProtocol protocol;
  private final AccountCheck.Wire wire;
  private final Outcome outcome;
  private final EventLoop loop;
  private final boolean secure;
  private final boolean again;
  private final boolean mayAsk;
  private final boolean passwordUsed;
  private final Deque<StoredVerifier> untried = new ArrayDeque<>();
  private @Nullable AuthPlugin method;
  private byte[] nonce;

  /** The client's answer to the nonce by the method, for as long as nothing was sent upon it. */
  private byte @Nullable [] answer;

  private @Nullable ServerAuthenticator authenticator;
  private boolean asked;
  private boolean inDialog;

  /**
   * Prepares an exchange.
   *
   * @param login what the client said first
   * @param again whether the connection is logged in already: then the client's first answer is
   *     never taken, and it is asked for another
   */
  MethodExchange(
      MySqlClientProtocol protocol,
      AccountCheck.Wire wire,
      EventLoop loop,
      HandshakeResponse41 login,
      boolean secure,
      boolean again,
      Outcome outcome) {
    this.protocol = protocol;
    this.wire = wire;
    this.loop = loop;
    this.secure = secure;
    this.again = again;
    this.outcome = outcome;
    this.mayAsk = login.capabilities().has(Capabilities.PLUGIN_AUTH);
    this.nonce = wire.connectionNonce();
    String named = login.authPlugin();
    this.method = named == null ? AuthPlugin.NATIVE_PASSWORD : AuthPlugin.of(named);
    this.passwordUsed = login.authResponse().length > 0;
    // The nonce of the greeting is too short for signatures, so these are always asked for.
    boolean fits = method != null && !method.signs() && !again;
    this.answer = fits ? login.authResponse() : null;
  }

  /** The method that the client used last; null for one that is not spoken. */
  @Nullable AuthPlugin method() {
    return method;
  }

  /** Whether the client gave a password, as the error message tells it. */
  boolean isPasswordUsed() {
    ServerAuthenticator running = authenticator;
    return running == null ? passwordUsed : running.isPasswordUsed();
  }

  /** Checks the client by any of these, of which there is one at least. */
  void check(List<StoredVerifier> verifiers) {
    untried.clear();
    untried.addAll(verifiers);
    next("no method");
  }

  /**
   * The same after a refusal, with what the account has now: by the answer that the client gave, or
   * by another one. Clients of MySQL follow only one request to switch; those that sign are others.
   *
   * @return whether there is a way; if not, nothing happens
   */
  boolean checkAgain(List<StoredVerifier> verifiers) {
    boolean askedEnough = asked && (method == null || !method.signs());
    List<StoredVerifier> possible =
        askedEnough || !mayAsk ? verifiers.stream().filter(this::isAnswered).toList() : verifiers;
    if (possible.isEmpty()) {
      return false;
    }
    check(possible);
    return true;
  }

  private boolean isAnswered(StoredVerifier verifier) {
    return answer != null && verifier.plugin() == method;
  }

  private void next(String reason) {
    StoredVerifier verifier = untried.poll();
    if (verifier == null) {
      outcome.refused(reason);
      return;
    }
    if (verifier.plugin() == AuthPlugin.CLEAR_PASSWORD && !secure) {
      // Who is asked sends it.
      next("mysql_clear_password without TLS");
      return;
    }
    byte @Nullable [] known = answer;
    if (verifier.plugin() == method && known != null) {
      step(begin(verifier).onData(known));
    } else if (mayAsk) {
      ask(verifier);
    } else {
      next("the client cannot change to " + verifier.plugin().wireName());
    }
  }

  private ServerAuthenticator begin(StoredVerifier verifier) {
    inDialog = false;
    ServerAuthenticator begun =
        new ServerAuthenticator(verifier, nonce, secure, protocol.passwords(), protocol.keys());
    authenticator = begun;
    return begun;
  }

  private void ask(StoredVerifier verifier) {
    AuthPlugin wanted = verifier.plugin();
    asked = true;
    method = wanted;
    answer = null;
    byte[] sent;
    if (wanted.nonceLength() == Scramble.NONCE_LENGTH) {
      // Clients in C that change their user do not read another nonce for the native method.
      nonce =
          again && wanted == AuthPlugin.NATIVE_PASSWORD
              ? wire.connectionNonce()
              : Scramble.newNonce(protocol.random());
      sent = Arrays.copyOf(nonce, nonce.length + 1);
      wire.connectionNonce(nonce);
    } else {
      nonce = new byte[wanted.nonceLength()];
      protocol.random().nextBytes(nonce);
      sent = nonce;
    }
    begin(verifier);
    send(new AuthSwitchRequest(wanted.wireName(), sent)::encode);
    wire.expectData();
  }

  /** The client's packet that was waited for. */
  void onData(byte[] bytes) {
    ServerAuthenticator running = authenticator;
    if (running == null) {
      return;
    }
    answer = inDialog ? null : bytes;
    step(running.onData(bytes));
  }

  private void step(ServerAuthStep step) {
    switch (step.kind()) {
      case CONTINUE -> {
        inDialog = true;
        answer = null;
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
      case REFUSED -> next(step.reason());
    }
  }

  private void proven(@Nullable Proof proof) {
    if (proof == null) {
      throw new IllegalStateException("proof: missing (expected: with the step)");
    }
    answer = null;
    outcome.proven(proof, certificateProof());
  }

  private void compute(@Nullable Supplier<ServerAuthStep> work) {
    if (work == null) {
      throw new IllegalStateException("work: missing (expected: with the step)");
    }
    try {
      protocol
          .slowExecutor()
          .execute(
              () -> {
                ServerAuthStep done = work.get();
                loop.execute(
                    () -> {
                      if (!wire.isOver()) {
                        step(done);
                      }
                    });
              });
    } catch (RejectedExecutionException e) {
      outcome.refused("the proxy stops");
    }
  }

  /** What clients of MariaDB 11.4 and later trust a self-signed certificate by. */
  private String certificateProof() {
    ServerAuthenticator done = authenticator;
    byte @Nullable [] fingerprint = wire.fingerprint();
    byte @Nullable [] hash = done == null ? null : done.passwordHash();
    return fingerprint == null || hash == null
        ? ""
        : CertificateProof.of(hash, wire.connectionNonce(), fingerprint);
  }

  private void sendBytes(byte[] payload) {
    send(out -> out.writeBytes(payload));
  }

  private void send(Consumer<ByteBuf> writer) {
    wire.send(Packets.frame(UnpooledByteBufAllocator.DEFAULT, wire.nextSequence(), writer));
  }
}
