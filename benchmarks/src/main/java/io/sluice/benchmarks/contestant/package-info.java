/** Who serves replicas: real servers, the relay, and a sender that shows what the machine can. */
@NullMarked
package io.sluice.benchmarks.contestant;

import org.jspecify.annotations.NullMarked;
