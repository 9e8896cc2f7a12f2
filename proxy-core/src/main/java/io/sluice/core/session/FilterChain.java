package io.sluice.core.session;

import io.netty.buffer.ByteBuf;
import io.sluice.api.filter.Filter;
import io.sluice.api.filter.FilterSession;
import io.sluice.api.protocol.Capability;
import io.sluice.api.router.Router;
import io.sluice.api.router.RouterSession;
import io.sluice.api.session.Downstream;
import io.sluice.api.session.Message;
import io.sluice.api.session.Reply;
import io.sluice.api.session.SessionContext;
import io.sluice.api.session.Upstream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The filters of a session in the order of the configuration, the first one next to the client, and
 * the router session behind the last. Confined to the session's event loop.
 *
 * <p>It is open for both directions while it is being built, as far as it has been built: the
 * router may answer from the start, a filter may send requests only when the router is there.
 */
final class FilterChain {

  private final Upstream client;
  private final List<FilterSession> filters = new ArrayList<>(2);
  private Upstream upstream;
  private @Nullable Downstream first;
  private @Nullable RouterSession router;

  FilterChain(Upstream client) {
    this.client = client;
    this.upstream = client;
  }

  /** What filters and router need prepared, together. */
  static Set<Capability> capabilities(Collection<Filter> filters, Router router) {
    Set<Capability> all = EnumSet.noneOf(Capability.class);
    all.addAll(router.capabilities());
    filters.forEach(filter -> all.addAll(filter.capabilities()));
    return all;
  }

  /**
   * Makes all parts, also again after {@link #close}; what they throw passes through, and {@link
   * #close} then closes what is.
   */
  void build(SessionContext session, List<Filter> chain, Router routers) {
    upstream = client;
    router = null;
    @Nullable Link before = null;
    for (Filter filter : chain) {
      Link link = new Link();
      FilterSession made = filter.newSession(session, link, upstream);
      filters.add(made);
      upstream = made;
      if (before == null) {
        first = made;
      } else {
        before.next = made;
      }
      before = link;
    }
    RouterSession made = routers.newSession(session);
    router = made;
    if (before == null) {
      first = made;
    } else {
      before.next = made;
    }
  }

  /** The way to the client from the router's side. */
  Upstream upstream() {
    return upstream;
  }

  @Nullable RouterSession router() {
    return router;
  }

  void routeQuery(Message message) {
    if (first == null || router == null) {
      message.release();
      throw new IllegalStateException("request: before the session has a router");
    }
    first.routeQuery(message);
  }

  /** Closes all parts; {@code guard} keeps one's exception from the others. */
  void close(CallGuard guard) {
    // First, so that a part that says something while it ends does not reach one that has ended.
    upstream = FilterChain::drop;
    first = null;
    for (FilterSession filter : filters) {
      guard.run(filter::close);
    }
    @Nullable RouterSession session = router;
    if (session != null) {
      guard.run(session::close);
    }
    filters.clear();
  }

  Map<String, Object> diagnostics() {
    return router == null ? Map.of() : router.diagnostics();
  }

  private static void drop(ByteBuf chunk, Reply reply) {
    chunk.release();
  }

  /** What a filter sees of what comes behind it; bound when that is made. */
  private static final class Link implements Downstream {
    private @Nullable Downstream next;

    @Override
    public void routeQuery(Message message) {
      if (next == null) {
        message.release();
        throw new IllegalStateException("request: before the session has a router");
      }
      next.routeQuery(message);
    }
  }
}
