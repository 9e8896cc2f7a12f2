package io.sluice.filters.querylog;

import io.sluice.api.config.InvalidConfigException;
import io.sluice.api.config.Settings;
import io.sluice.api.config.SettingsSpec;
import io.sluice.api.context.ModuleContext;
import io.sluice.api.filter.Filter;
import io.sluice.api.filter.FilterFactory;
import io.sluice.api.module.ApiVersion;
import io.sluice.api.module.Maturity;
import io.sluice.api.module.ModuleInfo;
import io.sluice.api.module.ModuleKind;
import java.io.IOException;
import org.pf4j.Extension;

/** The filter module {@code query-log}. */
@Extension
public final class QueryLogFilterFactory implements FilterFactory {

  private static final ModuleInfo INFO =
      new ModuleInfo(
          "query-log",
          ModuleKind.FILTER,
          ApiVersion.CURRENT,
          Maturity.BETA,
          "Writes one line for each statement to a file");

  /** Called by the plugin loader. */
  public QueryLogFilterFactory() {}

  @Override
  public ModuleInfo info() {
    return INFO;
  }

  @Override
  public SettingsSpec settings() {
    return QueryLogSettings.SPEC;
  }

  @Override
  public Filter createInstance(ModuleContext context, Settings settings) {
    QueryLogSettings own = QueryLogSettings.from(context.name(), settings);
    LogWriter writer = new LogWriter(context.name(), own);
    try {
      writer.start();
    } catch (IOException e) {
      throw new InvalidConfigException(
          "file", own.file() + ": " + e + " (expected: a file that can be written)");
    }
    return new QueryLogFilter(writer, own, context.clock());
  }
}
