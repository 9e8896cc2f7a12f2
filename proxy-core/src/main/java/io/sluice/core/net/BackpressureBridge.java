package io.sluice.core.net;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds reading back on one side of a session while the other side cannot write. Confined to the
 * session's event loop.
 *
 * <ul>
 *   <li>The client is read when its engine part is enabled, router and protocol want it, and no leg
 *       is blocked.
 *   <li>A leg (one server) is read when it is still logging in, or when its router wants it and the
 *       client is writable.
 * </ul>
 *
 * <p>A session without a client is always writable.
 */
public final class BackpressureBridge {

  private final @Nullable ReadGate client;
  private final List<Leg> legs = new ArrayList<>(2);
  private boolean clientEnabled;
  private boolean clientWanted = true;
  private boolean clientTakes = true;
  private boolean clientWritable = true;
  private int blockedLegs;

  /** For a client's channel; null for a session without one. */
  public BackpressureBridge(@Nullable Channel client) {
    this.client = client == null ? null : new ReadGate(client);
  }

  /** Begins or ends reading from the client altogether. */
  public void enableClient(boolean enabled) {
    clientEnabled = enabled;
    updateClient();
  }

  /** What the router wants. */
  public void setClientReading(boolean reading) {
    clientWanted = reading;
    updateClient();
  }

  /** What the client's protocol wants. */
  public void setClientTakes(boolean reading) {
    clientTakes = reading;
    updateClient();
  }

  /** Takes over the writability of the client's channel. */
  public void setClientWritable(boolean writable) {
    if (clientWritable != writable) {
      clientWritable = writable;
      for (Leg leg : legs) {
        leg.update();
      }
    }
  }

  /** Whether the client takes more. */
  public boolean isClientWritable() {
    return clientWritable;
  }

  /** Whether the client is read at the moment. */
  public boolean isClientRead() {
    return client != null && client.open;
  }

  /** A new server; it counts as writable and is not read until it has a channel. */
  public Leg addLeg() {
    Leg leg = new Leg();
    legs.add(leg);
    return leg;
  }

  /** Whether all servers can take more at this moment, before any event has told so. */
  public boolean isClientTaken() {
    for (Leg leg : legs) {
      if (!leg.canTake()) {
        return false;
      }
    }
    return true;
  }

  private void updateClient() {
    if (client != null) {
      client.set(clientEnabled && clientWanted && clientTakes && blockedLegs == 0);
    }
  }

  /** One server's side of the bridge. */
  public final class Leg {
    private @Nullable ReadGate gate;
    private boolean loggingIn = true;
    private boolean wanted = true;
    private boolean writable = true;
    private boolean removed;

    private Leg() {}

    /** The channel is there and is read for the login. */
    public void attach(Channel channel) {
      gate = new ReadGate(channel);
      update();
    }

    /** The login is done: from now on it is read only when client and router agree. */
    public void loggedIn() {
      loggingIn = false;
      update();
    }

    /** Whether the client can take more at this moment, before any event has told so. */
    public boolean isTaken() {
      return client == null || client.channel.isWritable();
    }

    private boolean canTake() {
      return writable && (gate == null || gate.channel.isWritable());
    }

    /** What the router wants. */
    public void setReading(boolean reading) {
      wanted = reading;
      update();
    }

    /** Whether it takes more: its channel, or its queue while it has no channel. */
    public void setWritable(boolean value) {
      if (writable != value && !removed) {
        writable = value;
        blockedLegs += value ? -1 : 1;
        updateClient();
      }
    }

    /** Whether it is read at the moment. */
    public boolean isRead() {
      return gate != null && gate.open;
    }

    /** The server is gone and holds nobody back any more. */
    public void remove() {
      if (!removed) {
        setWritable(true);
        removed = true;
        legs.remove(this);
      }
    }

    private void update() {
      if (gate != null && !removed) {
        gate.set(loggingIn || (wanted && clientWritable));
      }
    }
  }

  /** Mirrors auto-read, which is expensive to touch. */
  private static final class ReadGate {
    private final Channel channel;
    private boolean open;

    ReadGate(Channel channel) {
      this.channel = channel;
    }

    void set(boolean reading) {
      if (open != reading) {
        open = reading;
        channel.config().setAutoRead(reading);
      }
    }
  }
}
