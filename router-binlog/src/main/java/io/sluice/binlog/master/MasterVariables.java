package io.sluice.binlog.master;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.binlog.gtid.GtidFormatException;
import io.sluice.binlog.gtid.MariaDbGtidList;
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
import java.util.concurrent.atomic.AtomicInteger;
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

  /**
   * What the file says beyond what is known here does no harm: the master is asked again anyway.
   */
  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final @Nullable Path file;
  private final Executor ioExecutor;
  private volatile Known known =
      new Known(Collections.emptyNavigableMap(), Collections.emptyNavigableMap());

  private volatile Map<String, String> presented = Map.of();
  private final AtomicInteger changes = new AtomicInteger();

  /** What the file holds. All names in lower case. */
  private record Known(
      NavigableMap<String, String> values, NavigableMap<String, VariableTraits> traits) {}

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
      JsonNode root = JSON.readTree(Files.readAllBytes(file));
      Map<String, String> values =
          JSON.convertValue(root.path("values"), new TypeReference<Map<String, String>>() {});
      Map<String, VariableTraits> traits =
          JSON.convertValue(
              root.path("traits"), new TypeReference<Map<String, VariableTraits>>() {});
      if (values != null) {
        known = new Known(sorted(values), sorted(traits == null ? Map.of() : traits));
        changes.incrementAndGet();
      }
    } catch (NoSuchFileException e) {
      LOGGER.atDebug().addKeyValue("file", file).log("no variables of the master are known yet");
    } catch (IOException | IllegalArgumentException e) {
      LOGGER
          .atWarn()
          .addKeyValue("file", file)
          .setCause(e)
          .log("cannot read the variables of the master: asked again at the next connection");
    }
  }

  /** Takes new values and what is known of them; the file follows soon. */
  public void set(Map<String, String> changed, Map<String, VariableTraits> traits) {
    Known copy = new Known(sorted(changed), sorted(traits));
    known = copy;
    changes.incrementAndGet();
    if (file != null) {
      ioExecutor.execute(() -> write(file, copy));
    }
  }

  /** Some values are others now; what is known of the variables stays. */
  public void change(Map<String, String> changed) {
    Known before = known;
    Map<String, String> values = new TreeMap<>(before.values);
    values.putAll(sorted(changed));
    if (!values.equals(before.values)) {
      set(values, before.traits);
    }
  }

  /**
   * What clients are told instead of the master's values, once those are known; {@link #facts}
   * stays the truth of the master.
   */
  public void present(Map<String, String> values) {
    presented = Map.copyOf(values);
    changes.incrementAndGet();
  }

  /** All names in lower case, sorted. */
  public NavigableMap<String, String> all() {
    NavigableMap<String, String> values = known.values;
    Map<String, String> own = presented;
    if (own.isEmpty() || values.isEmpty()) {
      return values;
    }
    NavigableMap<String, String> shown = new TreeMap<>(values);
    own.forEach((name, value) -> shown.computeIfPresent(name, (n, before) -> value));
    return shown;
  }

  /** What kind a variable is; null if the master did not say, or there is none. */
  public @Nullable VariableTraits traits(String name) {
    return known.traits.get(name.toLowerCase(Locale.ROOT));
  }

  /** What is known of all variables, those included that only sessions have; may be empty. */
  public NavigableMap<String, VariableTraits> allTraits() {
    return known.traits;
  }

  /** The value of a variable, or null. */
  public @Nullable String get(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    String value = known.values.get(lower);
    return value == null ? null : presented.getOrDefault(lower, value);
  }

  /**
   * Grows whenever a value may have become another one, behind that value: who asks for this before
   * the values may keep what follows from them until it has grown.
   */
  public int changes() {
    return changes.get();
  }

  /** Whether no master has been asked yet. */
  public boolean isEmpty() {
    return known.values.isEmpty();
  }

  /** What the values say of the master; null when no master has been asked yet. */
  public @Nullable MasterFacts facts() {
    NavigableMap<String, String> values = known.values;
    String id = values.get("server_id");
    String version = values.get("version");
    if (id == null || version == null) {
      return null;
    }
    try {
      return new MasterFacts(
          Long.parseLong(id),
          version,
          values.getOrDefault("server_uuid", ""),
          values.getOrDefault("gtid_mode", ""));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** What the master has itself replicated, its {@code gtid_slave_pos}; empty if unknown. */
  public MariaDbGtidList ownPosition() {
    String text = get("gtid_slave_pos");
    try {
      return text == null ? MariaDbGtidList.EMPTY : MariaDbGtidList.parse(text);
    } catch (GtidFormatException e) {
      return MariaDbGtidList.EMPTY;
    }
  }

  private static <V> NavigableMap<String, V> sorted(Map<String, V> of) {
    TreeMap<String, V> copy = new TreeMap<>();
    of.forEach((key, value) -> copy.put(key.toLowerCase(Locale.ROOT), value));
    return Collections.unmodifiableNavigableMap(copy);
  }

  /** One writer at a time, so that an older set never replaces a newer one. */
  private synchronized void write(Path target, Known set) {
    if (!set.equals(known)) {
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
