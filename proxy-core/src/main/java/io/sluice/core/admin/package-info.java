/**
 * Administration over HTTP: JSON:API resources, module commands, metrics and health.
 *
 * <p>{@code AdminServer} owns the HTTP server and the routes; one {@code Resources} for each type
 * of resource turns the engine's snapshots into attributes; {@code JsonApi} writes the documents;
 * {@code AdminToken} holds the one credential. Handlers run on the HTTP server's threads and never
 * on event loops.
 */
@NullMarked
package io.sluice.core.admin;

import org.jspecify.annotations.NullMarked;
