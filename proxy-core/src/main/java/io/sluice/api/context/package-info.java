/** What the engine lends to modules: threads, time, directories, meters, internal clients. */
@NullMarked
package io.sluice.api.context;

import org.jspecify.annotations.NullMarked;
