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
    DISCONNECTED("disconnected"),
    /** See {@link Connecting}. */
    CONNECTING("connecting"),
    /** See {@link Registering}. */
    REGISTERING("registering"),
    /** See {@link Streaming}. */
    STREAMING("streaming"),
    /** See {@link BackingOff}. */
    BACKING_OFF("waiting to reconnect"),
    /** See {@link Stopped}. */
    STOPPED("stopped");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** The word for administrators. */
    public String label() {
      return label;
    }
  }

  /** Which of the records this is. */
  Kind kind();

  /** The text of {@code Slave_IO_State}. */
  String ioState();

  /** The value of {@code Slave_IO_Running}. */
  String ioRunning();

  /** Never started, or stopped by an administrator. */
  record Disconnected() implements MasterState {
    @Override
    public Kind kind() {
      return Kind.DISCONNECTED;
    }

    @Override
    public String ioState() {
      return "";
    }

    @Override
    public String ioRunning() {
      return "No";
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

    @Override
    public String ioState() {
      return "Connecting to master";
    }

    @Override
    public String ioRunning() {
      return "Connecting";
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
          : step == DialogueStep.DUMP ? "Requesting binlog dump" : "Checking master version";
    }

    @Override
    public String ioRunning() {
      return "Connecting";
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

    @Override
    public String ioState() {
      return "Waiting for master to send event";
    }

    @Override
    public String ioRunning() {
      return "Yes";
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

    @Override
    public String ioState() {
      return "Reconnecting after a failed master event read";
    }

    @Override
    public String ioRunning() {
      return "Connecting";
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

    @Override
    public String ioState() {
      return "";
    }

    @Override
    public String ioRunning() {
      return "No";
    }
  }
}
