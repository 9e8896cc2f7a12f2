package io.sluice.core.context;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.sluice.api.context.InternalClients;
import io.sluice.api.context.ModuleContext;
import io.sluice.api.session.Sessions;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Executor;

/**
 * What one instance of a module is lent: the shared parts, its name, a directory of its own, and
 * meters that carry its name as a tag. Thread-safe.
 */
public class ModuleContextImpl implements ModuleContext {

  private final SharedParts shared;
  private final String name;
  private final DataDirectory directory;
  private final MeterRegistry meters;

  /**
   * For one instance.
   *
   * @param shared what all are lent
   * @param section of the configuration: services, listeners, monitors, filters or servers; the
   *     directory's parent, and without its last letter the tag
   * @param name of the section's entry
   */
  public ModuleContextImpl(SharedParts shared, String section, String name) {
    this.shared = shared;
    this.name = name;
    this.directory = new DataDirectory(shared.dataDir(), section, name);
    CompositeMeterRegistry tagged = new CompositeMeterRegistry();
    tagged.config().commonTags(Tags.of(section.substring(0, section.length() - 1), name));
    tagged.add(shared.meters());
    this.meters = tagged;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Path dataDirectory() {
    return directory.get();
  }

  @Override
  public final EventLoopGroup eventLoops() {
    return shared.eventLoops().group();
  }

  @Override
  public final Executor blockingExecutor() {
    return shared.blockingExecutor();
  }

  @Override
  public final Clock clock() {
    return shared.clock();
  }

  @Override
  public final MeterRegistry meters() {
    return meters;
  }

  @Override
  public final InternalClients internalClients() {
    return shared.internalClients();
  }

  @Override
  public final Sessions sessions() {
    return shared.sessions();
  }
}
