/**
 * The demo behind {@code ./demo}: a MariaDB master, Sluice as a separate process with a relay and a
 * read-write split, and two MariaDB replicas that are fed by the relay alone.
 *
 * <p>{@link io.sluice.demo.Demo} is the program; {@link io.sluice.demo.DemoCluster} starts and
 * stops everything; {@link io.sluice.demo.DemoWorkload} writes; {@link io.sluice.demo.DemoCheck}
 * compares; {@link io.sluice.demo.LiveTable} shows.
 */
@org.jspecify.annotations.NullMarked
package io.sluice.demo;
