/**
 * What both roles share of TLS: key and certificate files that are read again when they change,
 * names of versions and ciphers, and what is known of a client's side of a connection.
 */
@NullMarked
package io.sluice.mysql.tls;

import org.jspecify.annotations.NullMarked;
