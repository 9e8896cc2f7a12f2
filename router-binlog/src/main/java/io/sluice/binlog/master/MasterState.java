package io.sluice.binlog.master;

import java.time.Duration;
import java.time.Instant;

/**
 * What the link to the master is doing. Immutable; the transitions are listed at {@link
 * MasterLink}.
 */
public sealed interface MasterState {

  /** The closed set of states. */
  enum Kind {
    /** See {@link Disconnected}. */
    DISCONNECTED("disconnected", "", "No"),
    /** See {@link Connecting}. */
    CONNECTING("connecting", "Connecting to master", "Connecting"),
    /** See {@link Registering}. */
    REGISTERING("registering", "Checking master version", "Connecting"),
    /** See {@link Streaming}. */
    STREAMING("streaming", "Waiting for master to send event", "Yes"),
    /** See {@link BackingOff}. */
    BACKING_OFF(
        "waiting to reconnect", "Reconnecting after a failed master event read", "Connecting"),
    /** See {@link Stopped}. */
    STOPPED("stopped", "", "No");

    private final String label;
    private final String ioState;
    private final String ioRunning;

    Kind(String label, String ioState, String ioRunning) {
      this.label = label;
      this.ioState = ioState;
      this.ioRunning = ioRunning;
    }

    /** The word for administrators. */
    public String label() {
      return label;
    }
  }

  /** Which of the records this is. */
  Kind kind();

  /** The text of {@code Slave_IO_State}. */
  default String ioState() {
    return kind().ioState;
  }

  /** The value of {@code Slave_IO_Running}. */
  default String ioRunning() {
    return kind().ioRunning;
  }

  /** Never started, or stopped by an administrator. */
  record Disconnected() implements MasterState {
    @Override
    public Kind kind() {
      return Kind.DISCONNECTED;
    }
  }

  /**
   * Preparing the store, dialing, logging in.
   *
   * @param attempt number of the attempt since the start of the process
   * @param since when it began
   */
  record Connecting(int attempt, Instant since) implements MasterState {
    @Override
    public Kind kind() {
      return Kind.CONNECTING;
    }
  }

  /**
   * Logged in; asking and answering.
   *
   * @param attempt the attempt that got so far
   * @param step the question that is open
   * @param since when the attempt logged in
   */
  record Registering(int attempt, DialogueStep step, Instant since) implements MasterState {
    @Override
    public Kind kind() {
      return Kind.REGISTERING;
    }

    @Override
    public String ioState() {
      return step == DialogueStep.REGISTER
          ? "Registering slave on master"
          : step == DialogueStep.DUMP ? "Requesting binlog dump" : MasterState.super.ioState();
    }
  }

  /**
   * The dump runs.
   *
   * @param attempt the attempt that got so far
   * @param since when the dump began
   */
  record Streaming(int attempt, Instant since) implements MasterState {
    @Override
    public Kind kind() {
      return Kind.STREAMING;
    }
  }

  /**
   * The last attempt failed; the next one comes.
   *
   * @param failure why it failed
   * @param pause how long the whole pause is
   * @param until when it ends
   */
  record BackingOff(LinkFailure failure, Duration pause, Instant until) implements MasterState {
    @Override
    public Kind kind() {
      return Kind.BACKING_OFF;
    }
  }

  /**
   * Gave up because trying again cannot help.
   *
   * @param failure the evidence
   */
  record Stopped(LinkFailure failure) implements MasterState {
    @Override
    public Kind kind() {
      return Kind.STOPPED;
    }
  }
}
