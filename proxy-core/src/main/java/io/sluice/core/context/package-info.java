/** What the engine lends to modules: directories, threads, meters, time. */
@NullMarked
package io.sluice.core.context;

import org.jspecify.annotations.NullMarked;
