package io.sluice.core.session;

/**
 * Stands around every call into module code: a throwable becomes the session's end, and what must
 * not happen in the middle of such a call waits until the outermost one has returned. Confined to
 * the session's event loop.
 *
 * <pre>
 *   guard.enter();
 *   try { … } catch (Throwable t) { guard.defect(t); } finally { guard.exit(); }
 * </pre>
 */
public final class CallGuard {

  /** The session. */
  public interface Owner {
    /** Module code threw. */
    void onDefect(Throwable thrown);

    /** No module code is on the stack any more. */
    void onOutermostReturn();
  }

  private final Owner owner;
  private int depth;

  /** For one session. */
  public CallGuard(Owner owner) {
    this.owner = owner;
  }

  /** Whether module code is on the stack. */
  public boolean isInside() {
    return depth > 0;
  }

  /** Before module code. */
  public void enter() {
    depth++;
  }

  /** Module code threw. */
  public void defect(Throwable thrown) {
    owner.onDefect(thrown);
  }

  /** After module code. */
  public void exit() {
    if (--depth == 0) {
      owner.onOutermostReturn();
    }
  }

  /** For calls that are not on the hot path. */
  public void run(Runnable call) {
    enter();
    try {
      call.run();
    } catch (Throwable t) {
      defect(t);
    } finally {
      exit();
    }
  }
}
