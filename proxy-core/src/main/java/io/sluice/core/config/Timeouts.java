package io.sluice.core.config;

import java.time.Duration;

/**
 * The limits in time that hold for everything.
 *
 * @param login how long a client may take from accept to the end of its login
 * @param connect how long a server may take to accept a connection
 * @param stopGrace how long sessions may go on when the process stops
 */
public record Timeouts(Duration login, Duration connect, Duration stopGrace) {}
