/** Certificates for tests: an authority that issues what servers and clients show. */
@NullMarked
package io.sluice.testkit.tls;

import org.jspecify.annotations.NullMarked;
