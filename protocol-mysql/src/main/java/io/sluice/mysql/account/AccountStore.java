package io.sluice.mysql.account;

import io.netty.util.concurrent.EventExecutor;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Where logins find accounts. Thread-safe; nothing blocks. */
public interface AccountStore extends AutoCloseable {

  /** What is known now. */
  AccountTable current();

  /**
   * Looks for newer accounts, because a login needs them: the first one, or one that failed. Calls
   * close together share one look, and looks are limited in number: then it takes a moment until
   * the next one begins.
   *
   * @param executor where to call
   * @param done gets the state after the look, the old one if it failed; always called, once
   */
  void refresh(EventExecutor executor, Consumer<AccountTable> done);

  /**
   * Looks for newer accounts at once, because an administrator wants it.
   *
   * @return what went wrong; empty if nothing did
   */
  CompletableFuture<String> reload();

  /** For administrators. */
  Map<String, Object> diagnostics();

  /** Ends its work. */
  @Override
  void close();
}
