package io.sluice.core.lines;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import io.sluice.api.context.ModuleContext;
import io.sluice.api.filter.Filter;
import io.sluice.api.filter.FilterFactory;
import io.sluice.api.filter.FilterSession;
import io.sluice.api.module.ApiVersion;
import io.sluice.api.module.Maturity;
import io.sluice.api.module.ModuleInfo;
import io.sluice.api.module.ModuleKind;
import io.sluice.api.session.Downstream;
import io.sluice.api.session.Message;
import io.sluice.api.session.Reply;
import io.sluice.api.session.SessionContext;
import io.sluice.api.session.Upstream;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Notes what passes; answers {@code ask NAME} itself; throws at {@code throw NAME}. */
public final class FakeFilter implements FilterFactory {

  private final String name;
  private final List<String> notes;
  public final AtomicInteger sessionsClosed = new AtomicInteger();
  public final AtomicInteger closed = new AtomicInteger();

  public FakeFilter(String name, List<String> notes) {
    this.name = name;
    this.notes = notes;
  }

  @Override
  public ModuleInfo info() {
    return new ModuleInfo(
        "note", ModuleKind.FILTER, ApiVersion.CURRENT, Maturity.ALPHA, "Notes what passes.");
  }

  @Override
  public SettingsSpec settings() {
    return SettingsSpec.EMPTY;
  }

  @Override
  public Filter createInstance(ModuleContext context, Settings settings) {
    return new Filter() {
      @Override
      public FilterSession newSession(
          SessionContext session, Downstream downstream, Upstream upstream) {
        return new Session(downstream, upstream);
      }

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
  }

  private final class Session implements FilterSession {
    private final Downstream downstream;
    private final Upstream upstream;

    Session(Downstream downstream, Upstream upstream) {
      this.downstream = downstream;
      this.upstream = upstream;
    }

    @Override
    public void routeQuery(Message message) {
      String text = ((LineRequest) message.request()).text();
      notes.add(name + " down " + text);
      if (text.equals("ask " + name)) {
        message.release();
        upstream.clientReply(
            Unpooled.copiedBuffer(name + " answers\n", UTF_8), LineReply.whole(message.request()));
        return;
      }
      if (text.equals("throw " + name)) {
        message.release();
        throw new IllegalStateException("filter " + name + " is broken");
      }
      downstream.routeQuery(message);
    }

    @Override
    public void clientReply(ByteBuf chunk, Reply reply) {
      notes.add(name + " up " + chunk.toString(UTF_8).trim());
      upstream.clientReply(chunk, reply);
    }

    @Override
    public void close() {
      notes.add(name + " close");
      sessionsClosed.incrementAndGet();
    }
  }
}
