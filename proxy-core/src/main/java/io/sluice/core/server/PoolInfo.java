package io.sluice.core.server;

/**
 * A snapshot of a server's pool for administrators. Immutable.
 *
 * @param maxIdle how many connections it may hold; 0 when there is no pool
 * @param idle how many it holds now, those included that are being reset
 * @param kept connections that were reset and waited for a session since the start
 * @param reused sessions that got one since the start
 * @param missed sessions that found none that suited them
 * @param stale sessions that got one that was of no use, and connected anew
 * @param dropped connections that were closed before a session came for them
 */
public record PoolInfo(
    int maxIdle, int idle, long kept, long reused, long missed, long stale, long dropped) {}
