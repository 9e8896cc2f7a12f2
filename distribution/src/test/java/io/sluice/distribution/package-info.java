/**
 * End-to-end tests: the built distribution as its users run it, a process of its own, between real
 * servers. {@code SluiceProcess} is the process, {@code Topology} a master, a relay and replicas,
 * {@code Workload} what is written.
 */
@NullMarked
package io.sluice.distribution;

import org.jspecify.annotations.NullMarked;
