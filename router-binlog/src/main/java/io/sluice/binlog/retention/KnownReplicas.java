package io.sluice.binlog.retention;

import io.sluice.binlog.replica.Replica;
import io.sluice.binlog.replica.ReplicaRegistry;
import io.sluice.binlog.store.BinlogFileId;
import io.sluice.binlog.store.StoreMetadata;
import io.sluice.binlog.store.StoredFile;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replicas that were served within some time, and what each of them needs when it comes back.
 * Kept beside the log: written when one comes for the first time, when it leaves, and now and then.
 * Thread-safe; nothing blocks.
 */
public final class KnownReplicas implements ReplicaRegistry.Listener {
  private static final Logger LOGGER = LoggerFactory.getLogger(KnownReplicas.class);
  private static final String PREFIX = "replica.";

  /** After a crash a replica counts as seen at most this much too early. */
  private static final long SAVE_MILLIS = Duration.ofMinutes(10).toMillis();

  private static final int FIELDS = 4;

  private static final class Entry {
    private final long serverId;
    private final String uuid;
    private String address;
    private BinlogFileId file;
    private long seen;
    private long savedSeen;
    private BinlogFileId savedFile = BinlogFileId.NONE;
    private @Nullable Replica live;

    Entry(long serverId, String uuid, String address, BinlogFileId file, long seen) {
      this.serverId = serverId;
      this.uuid = uuid;
      this.address = address;
      this.file = file;
      this.seen = seen;
    }

    KnownReplica view() {
      return new KnownReplica(
          serverId, uuid, address, live != null, Instant.ofEpochMilli(seen), file);
    }
  }

  private final StoreMetadata metadata;
  private final Duration replicaTime;
  private final Clock clock;
  private final Map<String, Entry> entries = new TreeMap<>();

  /** Remembers what was kept. */
  public KnownReplicas(StoreMetadata metadata, Duration replicaTime, Clock clock) {
    this.metadata = metadata;
    this.replicaTime = replicaTime;
    this.clock = clock;
    metadata
        .all()
        .forEach(
            (key, value) -> {
              if (key.startsWith(PREFIX)) {
                restore(key.substring(PREFIX.length()), value);
              }
            });
  }

  private void restore(String key, String value) {
    String[] fields = value.split(";", FIELDS);
    try {
      int slash = fields[1].indexOf('/');
      BinlogFileId file =
          new BinlogFileId(
              Integer.parseInt(fields[1].substring(0, slash)), fields[1].substring(slash + 1));
      long serverId = Long.parseLong(fields[0]);
      String uuid = key.equals(Long.toString(serverId)) ? "" : key;
      Entry entry = new Entry(serverId, uuid, fields[3], file, Long.parseLong(fields[2]));
      entry.savedSeen = entry.seen;
      entry.savedFile = file;
      entries.put(key, entry);
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      LOGGER
          .atWarn()
          .addKeyValue("key", PREFIX + key)
          .addKeyValue("value", value)
          .log("what is kept of a replica cannot be understood: it counts as unknown");
    }
  }

  private static String text(Entry entry) {
    return entry.serverId + ";" + entry.file + ";" + entry.seen + ";" + entry.address;
  }

  private static String address(Replica replica) {
    return replica.port() == 0 ? replica.host() : replica.host() + ":" + replica.port();
  }

  @Override
  public synchronized void streams(Replica replica) {
    if (replica.serverId() == 0) {
      return;
    }
    String uuid = replica.uuid();
    String key = uuid == null ? Long.toString(replica.serverId()) : uuid;
    Entry before = entries.get(key);
    Entry entry =
        new Entry(
            replica.serverId(),
            uuid == null ? "" : uuid,
            address(replica),
            replica.needs(),
            clock.millis());
    entry.live = replica;
    if (before != null) {
      entry.savedSeen = before.savedSeen;
      entry.savedFile = before.savedFile;
    }
    entries.put(key, entry);
    if (before == null) {
      save(false);
    }
  }

  @Override
  public synchronized void ended(Replica replica) {
    for (Entry entry : entries.values()) {
      if (entry.live == replica) {
        refresh(entry);
        entry.live = null;
        save(true);
      }
    }
  }

  private void refresh(Entry entry) {
    Replica live = entry.live;
    if (live != null) {
      entry.file = live.needs();
      entry.seen = clock.millis();
    }
  }

  /** Who is known now, by server id or uuid. */
  public synchronized List<KnownReplica> all() {
    List<KnownReplica> all = new ArrayList<>();
    Map<String, @Nullable String> forgotten = new HashMap<>();
    long limit = clock.millis() - replicaTime.toMillis();
    for (Iterator<Map.Entry<String, Entry>> each = entries.entrySet().iterator();
        each.hasNext(); ) {
      Map.Entry<String, Entry> next = each.next();
      Entry entry = next.getValue();
      refresh(entry);
      if (entry.live == null && entry.seen <= limit) {
        each.remove();
        forgotten.put(PREFIX + next.getKey(), null);
        LOGGER
            .atInfo()
            .addKeyValue("replica", entry.serverId)
            .addKeyValue("address", entry.address)
            .addKeyValue("seen", Instant.ofEpochMilli(entry.seen))
            .log("replica was not seen for a long time: what it needs is not kept for it any more");
      } else {
        all.add(entry.view());
      }
    }
    keep(forgotten);
    return all;
  }

  /** Who is not connected and needs one of the files. */
  public List<String> away(List<StoredFile> files) {
    Set<BinlogFileId> ids = new HashSet<>();
    files.forEach(file -> ids.add(file.id()));
    return all().stream()
        .filter(known -> !known.connected() && ids.contains(known.file()))
        .map(known -> known.need().describe())
        .toList();
  }

  /**
   * Forgets a replica that is not connected.
   *
   * @param name its server id, or its uuid
   * @return how many were forgotten
   * @throws IllegalStateException if it is connected
   */
  public synchronized int forget(String name) {
    Map<String, @Nullable String> forgotten = new HashMap<>();
    for (Map.Entry<String, Entry> each : entries.entrySet()) {
      Entry entry = each.getValue();
      if (Long.toString(entry.serverId).equals(name) || each.getKey().equalsIgnoreCase(name)) {
        if (entry.live != null) {
          throw new IllegalStateException(
              "replica: " + name + " is connected (expected: one that is not)");
        }
        forgotten.put(PREFIX + each.getKey(), null);
      }
    }
    forgotten.keySet().forEach(key -> entries.remove(key.substring(PREFIX.length())));
    keep(forgotten);
    return forgotten.size();
  }

  /**
   * Writes what has changed.
   *
   * @param all also what is not worth a write by itself
   */
  public synchronized void save(boolean all) {
    Map<String, @Nullable String> changes = new HashMap<>();
    entries.forEach(
        (key, entry) -> {
          refresh(entry);
          boolean moved = !entry.file.equals(entry.savedFile);
          boolean drifted = entry.seen - entry.savedSeen >= (all ? 1 : SAVE_MILLIS);
          if (moved || drifted) {
            entry.savedFile = entry.file;
            entry.savedSeen = entry.seen;
            changes.put(PREFIX + key, text(entry));
          }
        });
    keep(changes);
  }

  private void keep(Map<String, @Nullable String> changes) {
    if (changes.isEmpty()) {
      return;
    }
    metadata
        .update(changes)
        .exceptionally(
            error -> {
              LOGGER.atWarn().setCause(error).log("cannot keep which replicas are known");
              return null;
            });
  }
}
