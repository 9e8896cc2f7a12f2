package io.sluice.mysql.frontend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.mysql.auth.PrivateFile;
import io.sluice.mysql.constant.Capabilities;
import io.sluice.mysql.request.ServerGreeting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the service's server greeted last, on disk: what clients are shown after a restart while no
 * server can be reached. Thread-safe; blocks.
 */
final class GreetingFile {

  static final String FILE = "greeting.json";

  private static final Logger LOGGER = LoggerFactory.getLogger(GreetingFile.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;

  GreetingFile(Path directory) {
    this.file = directory.resolve(FILE);
  }

  /** What was kept; null when there is nothing or nothing usable, which is warned of. */
  synchronized @Nullable ServerGreeting load() {
    if (!Files.exists(file)) {
      return null;
    }
    try {
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      JsonNode version = root.path("version");
      JsonNode plugin = root.path("auth-plugin");
      if (version.isTextual() && plugin.isTextual() && root.path("capabilities").isNumber()) {
        return new ServerGreeting(
            version.asText(),
            new Capabilities(root.path("capabilities").asLong()),
            root.path("collation").asInt(),
            plugin.asText());
      }
    } catch (IOException e) {
      LOGGER.atDebug().addKeyValue("file", file).setCause(e).log("not JSON");
    }
    LOGGER.atWarn().addKeyValue("file", file).log("kept greeting cannot be read and is ignored");
    return null;
  }

  /** Keeps a greeting. */
  synchronized void save(ServerGreeting greeting) {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", greeting.version())
        .put("capabilities", greeting.capabilities().bits())
        .put("collation", greeting.collation())
        .put("auth-plugin", greeting.authPlugin());
    try {
      PrivateFile.write(file, JSON.writeValueAsBytes(root));
    } catch (IOException e) {
      LOGGER.atWarn().addKeyValue("file", file).setCause(e).log("greeting cannot be kept");
    }
  }
}
