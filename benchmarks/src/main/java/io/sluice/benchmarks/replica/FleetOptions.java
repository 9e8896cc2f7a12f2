package io.sluice.benchmarks.replica;

import java.util.ArrayList;
import java.util.List;

/**
 * What a fleet of null replicas does.
 *
 * @param host of the server or relay
 * @param port of it
 * @param user who may replicate
 * @param password of the user
 * @param replicas how many
 * @param firstServerId the first one's server id; the others count on
 * @param untilEnd whether a stream ends where the log ends, or goes on as the log does
 * @param mySql whether to register as MySQL's replicas do
 * @param starts where streams begin: replica {@code i} at number {@code i} modulo their count
 */
public record FleetOptions(
    String host,
    int port,
    String user,
    String password,
    int replicas,
    long firstServerId,
    boolean untilEnd,
    boolean mySql,
    List<Start> starts) {

  private static final int FIXED = 8;

  /** A place in the log; for a start by GTID the state, and no file. */
  public record Start(String file, long position, String gtid) {

    /** A file and an offset in it. */
    public static Start at(String file, long position) {
      return new Start(file, position, "");
    }

    /** Behind a MariaDB GTID position. */
    public static Start behind(String gtid) {
      return new Start("", 4, gtid);
    }
  }

  /** Checks the values. */
  public FleetOptions {
    if (replicas < 1 || starts.isEmpty()) {
      throw new IllegalArgumentException(
          "replicas: " + replicas + ", starts: " + starts + " (expected: at least one)");
    }
    starts = List.copyOf(starts);
  }

  Start start(int replica) {
    return starts.get(replica % starts.size());
  }

  /** What a replica says before it registers. */
  List<String> statements(int replica) {
    List<String> all = new ArrayList<>();
    String variable = mySql ? "@source_binlog_checksum" : "@master_binlog_checksum";
    all.add("SET " + variable + "= @@global.binlog_checksum");
    if (!mySql) {
      all.add("SET @mariadb_slave_capability=4");
      if (!start(replica).gtid().isEmpty()) {
        all.add("SET @slave_connect_state='" + start(replica).gtid() + "'");
        all.add("SET @slave_gtid_strict_mode=0");
        all.add("SET @slave_gtid_ignore_duplicates=0");
      }
    }
    return all;
  }

  /** For {@link NullReplicas#main}. */
  String[] arguments() {
    List<String> all =
        new ArrayList<>(
            List.of(
                host,
                Integer.toString(port),
                user,
                password,
                Integer.toString(replicas),
                Long.toString(firstServerId),
                Boolean.toString(untilEnd),
                Boolean.toString(mySql)));
    for (Start start : starts) {
      all.add(start.file() + ";" + start.position() + ";" + start.gtid());
    }
    return all.toArray(String[]::new);
  }

  static FleetOptions parse(String... arguments) {
    List<Start> starts = new ArrayList<>();
    for (int i = FIXED; i < arguments.length; i++) {
      String[] parts = arguments[i].split(";", -1);
      starts.add(new Start(parts[0], Long.parseLong(parts[1]), parts[2]));
    }
    return new FleetOptions(
        arguments[0],
        Integer.parseInt(arguments[1]),
        arguments[2],
        arguments[3],
        Integer.parseInt(arguments[4]),
        Long.parseLong(arguments[5]),
        Boolean.parseBoolean(arguments[6]),
        Boolean.parseBoolean(arguments[7]),
        starts);
  }
}
