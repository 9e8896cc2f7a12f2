/**
 * The plugin's door: {@link io.sluice.mysql.MySqlProtocolFactory} composes the server role of
 * {@code frontend} and the client role of {@code backend}.
 *
 * <p>Bytes in, bytes out: {@code wire} knows packets, {@code message} what stands in them, {@code
 * constant} the numbers. {@code request} is what routers see; {@code result} and {@code client} are
 * for modules that talk SQL themselves; {@code auth} and {@code account} prove who somebody is;
 * {@code sql} tells what a statement does.
 */
@NullMarked
package io.sluice.mysql;

import org.jspecify.annotations.NullMarked;
