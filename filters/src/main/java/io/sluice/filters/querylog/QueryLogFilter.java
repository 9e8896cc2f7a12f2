package io.sluice.filters.querylog;

import io.sluice.api.admin.ModuleCommand;
import io.sluice.api.filter.Filter;
import io.sluice.api.filter.FilterSession;
import io.sluice.api.protocol.Capability;
import io.sluice.api.session.Downstream;
import io.sluice.api.session.SessionContext;
import io.sluice.api.session.Upstream;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One query log. Thread-safe. */
final class QueryLogFilter implements Filter {

  private final LogWriter writer;
  private final QueryLogSettings settings;
  private final Clock clock;

  QueryLogFilter(LogWriter writer, QueryLogSettings settings, Clock clock) {
    this.writer = writer;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public FilterSession newSession(
      SessionContext session, Downstream downstream, Upstream upstream) {
    return new QueryLogSession(session, downstream, upstream, writer, settings, clock);
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.WHOLE_REQUESTS);
  }

  @Override
  public Map<String, Object> diagnostics() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("file", writer.file().toString());
    all.put("written", writer.written());
    all.put("waiting", writer.waiting());
    all.put("dropped", writer.dropped());
    all.put("errors", writer.errors());
    return all;
  }

  @Override
  public List<ModuleCommand> commands() {
    return List.of(
        new ModuleCommand(
            "rotate",
            "Opens the file by its name again, after it was moved away.",
            List.of(),
            arguments -> {
              writer.rotate();
              return Map.of("file", writer.file().toString());
            }));
  }

  @Override
  public void close() {
    writer.close();
  }
}
