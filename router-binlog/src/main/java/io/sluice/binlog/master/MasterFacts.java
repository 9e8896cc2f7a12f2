package io.sluice.binlog.master;

/**
 * What a master said of itself at the last registration. Immutable.
 *
 * @param serverId its server id
 * @param version its version, without the prefix of the greeting
 */
public record MasterFacts(long serverId, String version) {}
