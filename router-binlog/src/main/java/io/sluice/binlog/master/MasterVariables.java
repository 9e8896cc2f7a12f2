package io.sluice.binlog.master;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The master's global variables, as it gave them at the last registration: the source of the
 * answers that replicas get, kept in memory and in a file, so that replicas are answered while the
 * master is down, also after a restart. Thread-safe.
 */
public final class MasterVariables {
  private static final Logger LOGGER = LoggerFactory.getLogger(MasterVariables.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final @Nullable Path file;
  private final Executor ioExecutor;
  private volatile NavigableMap<String, String> values = Collections.emptyNavigableMap();

  /**
   * Without values.
   *
   * @param file where they are kept; null for memory only
   * @param ioExecutor where the file is written
   */
  public MasterVariables(@Nullable Path file, Executor ioExecutor) {
    this.file = file;
    this.ioExecutor = ioExecutor;
  }

  /** Reads what an earlier process left; a file that cannot be read counts as none. Blocks. */
  public void load() {
    if (file == null) {
      return;
    }
    try {
      values = sorted(JSON.readValue(Files.readAllBytes(file), new TypeReference<>() {}));
    } catch (NoSuchFileException e) {
      LOGGER.atDebug().addKeyValue("file", file).log("no variables of the master are known yet");
    } catch (IOException e) {
      LOGGER
          .atWarn()
          .addKeyValue("file", file)
          .setCause(e)
          .log("cannot read the variables of the master: asked again at the next connection");
    }
  }

  /** Takes new values; the file follows soon. */
  public void set(Map<String, String> changed) {
    NavigableMap<String, String> copy = sorted(changed);
    values = copy;
    if (file != null) {
      ioExecutor.execute(() -> write(file, copy));
    }
  }

  /** All names in lower case, sorted. */
  public NavigableMap<String, String> all() {
    return values;
  }

  /** The value of a variable, or null. */
  public @Nullable String get(String name) {
    return values.get(name.toLowerCase(Locale.ROOT));
  }

  /** Whether no master has been asked yet. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** What the values say of the master; null when no master has been asked yet. */
  public @Nullable MasterFacts facts() {
    String id = values.get("server_id");
    String version = values.get("version");
    if (id == null || version == null) {
      return null;
    }
    try {
      return new MasterFacts(Long.parseLong(id), version);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static NavigableMap<String, String> sorted(Map<String, String> of) {
    TreeMap<String, String> copy = new TreeMap<>();
    of.forEach((key, value) -> copy.put(key.toLowerCase(Locale.ROOT), value));
    return Collections.unmodifiableNavigableMap(copy);
  }

  /** One writer at a time, so that an older set never replaces a newer one. */
  private synchronized void write(Path target, NavigableMap<String, String> set) {
    if (set != values) {
      return;
    }
    Path temporary = target.resolveSibling(target.getFileName() + ".new");
    try {
      Files.write(temporary, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(set));
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOGGER
          .atWarn()
          .addKeyValue("file", target)
          .setCause(e)
          .log("cannot keep the variables of the master: they will be missing after a restart");
    }
  }
}
