package io.sluice.core.admin;

import io.sluice.core.config.ProxyConfig;
import io.sluice.core.plugin.EngineVersion;
import io.sluice.core.service.Engine;
import java.time.Clock;
import java.time.Duration;

/** The process itself: the one resource of type {@code sluice}. */
final class ProcessResource {

  private final Engine engine;
  private final ProxyConfig config;
  private final Clock clock;

  ProcessResource(Engine engine, ProxyConfig config, Clock clock) {
    this.engine = engine;
    this.config = config;
    this.clock = clock;
  }

  Resource get() {
    return new Attributes()
        .put("version", EngineVersion.current().full())
        .put("process_id", ProcessHandle.current().pid())
        .put("started_at", engine.startedAt())
        .put("uptime_seconds", Duration.between(engine.startedAt(), clock.instant()).toSeconds())
        .put("running", engine.isRunning())
        .put("config", config.file())
        .put("data_dir", config.dataDirectory())
        .put("threads", config.threads())
        .put("java", Runtime.version())
        .put("sessions", engine.sessions().countClients())
        .resource("sluice");
  }
}
