package io.sluice.core.boot;

import java.lang.reflect.InvocationHandler;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals that end the process. The first asks for an orderly stop, the second ends it at once.
 *
 * <p>The JDK's own shutdown hooks cannot tell a second signal, so its signal class is used, which
 * is exported but not part of the platform's API: by reflection, with the hooks as the fallback.
 */
final class StopSignals {

  private static final Logger LOGGER = LoggerFactory.getLogger(StopSignals.class);
  private static final List<String> SIGNALS = List.of("TERM", "INT", "HUP");
  private static final int STOPPED_AT_ONCE = 1;

  private final CountDownLatch first = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private final AtomicInteger count = new AtomicInteger();

  private final Runnable atOnce;

  /** With what ends the process at once. */
  StopSignals(Runnable atOnce) {
    this.atOnce = atOnce;
  }

  /** Listens from now on. */
  static StopSignals install() {
    StopSignals signals = new StopSignals(() -> Runtime.getRuntime().halt(STOPPED_AT_ONCE));
    for (String name : SIGNALS) {
      if (!signals.handle(name)) {
        Runtime.getRuntime().addShutdownHook(new Thread(signals::hook, "stop-" + name));
        break;
      }
    }
    return signals;
  }

  /** Waits for the first signal. */
  void await() throws InterruptedException {
    first.await();
  }

  /** The orderly stop is over. */
  void stopped() {
    done.countDown();
  }

  /** A signal came. */
  void received(String name) {
    int number = count.incrementAndGet();
    LOGGER.atInfo().addKeyValue("signal", name).addKeyValue("number", number).log("signal");
    if (number == 1) {
      first.countDown();
    } else {
      LOGGER.atWarn().log("second signal: stopping at once");
      atOnce.run();
    }
  }

  /** The JDK waits for its hooks, so this waits for the main thread. */
  private void hook() {
    first.countDown();
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean handle(String name) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler received =
          (proxy, method, arguments) -> {
            if (method.getName().equals("handle")) {
              received(name);
              return null;
            }
            return switch (method.getName()) {
              case "hashCode" -> System.identityHashCode(proxy);
              case "equals" -> proxy == arguments[0];
              default -> "StopSignals";
            };
          };
      Object proxy =
          java.lang.reflect.Proxy.newProxyInstance(
              StopSignals.class.getClassLoader(), new Class<?>[] {handler}, received);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
      return true;
    } catch (ReflectiveOperationException e) {
      LOGGER.atDebug().addKeyValue("signal", name).setCause(e).log("signal cannot be handled");
      return false;
    }
  }
}
