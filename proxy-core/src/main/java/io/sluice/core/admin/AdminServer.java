package io.sluice.core.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.util.JavalinBindException;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sluice.api.admin.CommandException;
import io.sluice.api.admin.ModuleCommand;
import io.sluice.core.config.AdminConfig;
import io.sluice.core.config.ProxyConfig;
import io.sluice.core.plugin.ModuleRegistry;
import io.sluice.core.service.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server of administration. Everything but health and metrics needs the token. Started and
 * closed by one thread.
 */
public final class AdminServer implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(AdminServer.class);
  private static final int MAX_THREADS = 12;
  private static final int MIN_THREADS = 2;
  private static final int OK = 200;
  private static final int NO_CONTENT = 204;
  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int INTERNAL = 500;
  private static final int UNAVAILABLE = 503;
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Engine engine;
  private final PrometheusMeterRegistry meters;
  private final AdminToken token;
  private final ProcessResource process;
  private final List<Resources> resources;
  private final JsonApi json = new JsonApi();
  private final Javalin http;

  /**
   * Prepares; {@link #start} binds.
   *
   * @throws UncheckedIOException if the token can be neither read nor made
   */
  public AdminServer(
      Engine engine,
      ModuleRegistry modules,
      ProxyConfig config,
      PrometheusMeterRegistry meters,
      Clock clock) {
    this.engine = engine;
    this.meters = meters;
    this.process = new ProcessResource(engine, config, clock);
    this.resources =
        List.of(
            new ServerResources(engine),
            new ServiceResources(engine),
            new ListenerResources(engine),
            new MonitorResources(engine),
            new FilterResources(engine),
            new SessionResources(engine, clock),
            new ModuleResources(modules));
    try {
      this.token = AdminToken.in(config.dataDirectory().resolve("admin"));
    } catch (IOException e) {
      throw new UncheckedIOException("admin token: " + e, e);
    }
    this.http = Javalin.create(AdminServer::configure);
    routes();
  }

  private static void configure(JavalinConfig config) {
    config.showJavalinBanner = false;
    config.startupWatcherEnabled = false;
    config.useVirtualThreads = false;
    config.http.prefer405over404 = true;
    config.http.defaultContentType = JsonApi.MEDIA_TYPE;
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
    threads.setName("admin");
    config.jetty.threadPool = threads;
  }

  /**
   * Binds the address.
   *
   * @throws IOException if it cannot be bound; the message names it
   */
  public void start(AdminConfig address) throws IOException {
    try {
      http.start(address.host(), address.port());
    } catch (JavalinBindException e) {
      throw new BindException("admin: " + address + " cannot be bound: " + e.getMessage());
    }
    LOGGER
        .atInfo()
        .addKeyValue("address", address.host())
        .addKeyValue("port", http.port())
        .log("administration listens");
  }

  /** The port that is bound. */
  public int port() {
    return http.port();
  }

  @Override
  public void close() {
    http.stop();
  }

  private void routes() {
    http.before("/v1/*", this::authorize);
    http.get("/health/live", context -> health(context, true));
    http.get("/health/ready", context -> health(context, engine.isRunning()));
    http.get("/metrics", context -> context.contentType(METRICS_TYPE).result(meters.scrape()));
    http.get("/v1/sluice", context -> send(context, json.document("sluice", process.get())));
    for (Resources type : resources) {
      String path = "/v1/" + type.type();
      http.get(path, context -> send(context, json.document(type.type(), type.list())));
      http.get(path + "/{id}", context -> show(context, type));
      http.delete(path + "/{id}", context -> delete(context, type));
      http.post(path + "/{id}/commands/{command}", context -> call(context, type));
    }
    http.exception(HttpResponseException.class, (e, context) -> refuse(context, e));
    http.exception(
        Exception.class,
        (e, context) -> {
          LOGGER.atError().addKeyValue("path", context.path()).setCause(e).log("request failed");
          error(context, INTERNAL, "Internal error", "see the server's log");
        });
    http.error(
        NOT_FOUND,
        context -> {
          if (!JsonApi.MEDIA_TYPE.equals(context.res().getContentType())) {
            error(context, NOT_FOUND, "Not found", context.path() + ": no such resource");
          }
        });
  }

  private void authorize(Context context) {
    if (!token.isShownBy(context.header("Authorization"))) {
      context.header("WWW-Authenticate", "Bearer");
      throw new HttpResponseException(UNAUTHORIZED, "the admin token is missing or wrong");
    }
  }

  private void health(Context context, boolean well) {
    context
        .status(well ? OK : UNAVAILABLE)
        .contentType("application/json")
        .result(well ? "{\"status\":\"up\"}" : "{\"status\":\"down\"}");
  }

  private void show(Context context, Resources type) {
    String id = context.pathParam("id");
    Resource resource = type.find(id).orElseThrow(() -> missing(type, id));
    send(context, json.document(type.type(), resource));
  }

  private static void delete(Context context, Resources type) {
    String id = context.pathParam("id");
    if (!type.delete(id)) {
      throw type.find(id).isPresent()
          ? new HttpResponseException(
              METHOD_NOT_ALLOWED, type.type() + " " + id + ": cannot be deleted")
          : missing(type, id);
    }
    context.status(NO_CONTENT);
  }

  private void call(Context context, Resources type) {
    String id = context.pathParam("id");
    String name = context.pathParam("command");
    if (type.find(id).isEmpty()) {
      throw missing(type, id);
    }
    List<ModuleCommand> commands = type.commands(id);
    ModuleCommand command =
        commands.stream()
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new HttpResponseException(
                        NOT_FOUND,
                        "command: "
                            + name
                            + " (expected: one of "
                            + commands.stream().map(ModuleCommand::name).toList()
                            + ")"));
    try {
      Map<String, String> arguments = arguments(context, command);
      LOGGER
          .atInfo()
          .addKeyValue("type", type.type())
          .addKeyValue("name", id)
          .addKeyValue("command", name)
          .log("command of an administrator");
      send(context, json.meta(command.action().apply(arguments)));
    } catch (CommandException e) {
      throw new HttpResponseException(BAD_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  private Map<String, String> arguments(Context context, ModuleCommand command) {
    Map<String, String> arguments;
    try {
      arguments = json.arguments(context.body());
    } catch (JsonProcessingException e) {
      throw new HttpResponseException(BAD_REQUEST, "body: not a JSON object of arguments");
    }
    if (!fits(arguments.keySet(), command.parameters())) {
      throw new HttpResponseException(
          BAD_REQUEST,
          "arguments: " + arguments.keySet() + " (expected: " + command.parameters() + ")");
    }
    return arguments;
  }

  /** Whether everything that is given is known, and everything that must be given is there. */
  private static boolean fits(Set<String> given, List<String> parameters) {
    Set<String> known = new HashSet<>();
    for (String parameter : parameters) {
      boolean optional = parameter.startsWith("[");
      String name = optional ? parameter.substring(1, parameter.length() - 1) : parameter;
      known.add(name);
      if (!optional && !given.contains(name)) {
        return false;
      }
    }
    return known.containsAll(given);
  }

  private static HttpResponseException missing(Resources type, String id) {
    return new HttpResponseException(NOT_FOUND, type.type() + ": " + id + " does not exist");
  }

  private void refuse(Context context, HttpResponseException e) {
    String title = HttpStatus.forStatus(e.getStatus()).getMessage();
    error(context, e.getStatus(), title, String.valueOf(e.getMessage()));
  }

  private void error(Context context, int status, String title, String detail) {
    context.status(status);
    send(context, json.error(status, title, detail));
  }

  private static void send(Context context, String document) {
    context.contentType(JsonApi.MEDIA_TYPE).result(document);
  }
}
