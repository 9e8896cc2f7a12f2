/**
 * Client sessions. A {@link io.sluice.core.session.ClientSession} is made for each accepted
 * channel; its {@link io.sluice.core.session.SessionMachine} alone decides when it ends; {@link
 * io.sluice.core.session.SessionEndpoint}s are its servers; a {@link
 * io.sluice.core.session.FilterChain} lies between client and router session. Everything of one
 * session runs on one event loop.
 */
@NullMarked
package io.sluice.core.session;

import org.jspecify.annotations.NullMarked;
