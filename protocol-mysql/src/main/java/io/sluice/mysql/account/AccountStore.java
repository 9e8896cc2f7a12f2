package io.sluice.mysql.account;

import io.netty.util.concurrent.EventExecutor;
import java.util.Map;
import java.util.function.Consumer;

/** Where logins find accounts. Thread-safe; nothing blocks. */
public interface AccountStore extends AutoCloseable {

  /** What is known now. */
  AccountTable current();

  /**
   * Looks for newer accounts, because a login needs them: the first one, or one that failed. Calls
   * close together share one look, and looks are limited in number: then the current state is
   * handed out again.
   *
   * @param executor where to call
   * @param done gets the state after the look, the old one if it failed; always called, once
   */
  void refresh(EventExecutor executor, Consumer<AccountTable> done);

  /** For administrators. */
  Map<String, Object> diagnostics();

  /** Ends its work. */
  @Override
  void close();
}
