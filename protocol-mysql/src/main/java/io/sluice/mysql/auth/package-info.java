/**
 * Authentication methods in both roles, free of packets and channels: bytes in, next step out.
 *
 * <p>{@link io.sluice.mysql.auth.ServerAuthenticator} checks what a client sends, {@link
 * io.sluice.mysql.auth.ClientAuthenticator} answers a server. What a client proved is kept as
 * {@link io.sluice.mysql.auth.ProvenCredentials} and can be used to log in to servers as the same
 * user.
 */
@NullMarked
package io.sluice.mysql.auth;

import org.jspecify.annotations.NullMarked;
