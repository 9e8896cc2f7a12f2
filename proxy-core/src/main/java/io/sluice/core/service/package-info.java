/** Services: router, filters, listeners; and the engine that starts and stops them in order. */
@NullMarked
package io.sluice.core.service;

import org.jspecify.annotations.NullMarked;
