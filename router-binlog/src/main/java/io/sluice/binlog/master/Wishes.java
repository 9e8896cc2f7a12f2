package io.sluice.binlog.master;

import java.time.Duration;

/**
 * What the relay wants of its master. Immutable.
 *
 * @param serverId the relay's own server id
 * @param serverUuid the relay's own server uuid
 * @param start where an empty store begins
 * @param heartbeatPeriod zero for none
 * @param reportHost for SHOW SLAVE HOSTS
 * @param reportPort for SHOW SLAVE HOSTS
 * @param semiSync whether to acknowledge transactions
 * @param byGtid whether another master may be found by GTID
 * @param mayBeginEpoch whether another history may follow the stored one
 */
record Wishes(
    long serverId,
    String serverUuid,
    StartPoint start,
    Duration heartbeatPeriod,
    String reportHost,
    int reportPort,
    boolean semiSync,
    boolean byGtid,
    boolean mayBeginEpoch) {}
