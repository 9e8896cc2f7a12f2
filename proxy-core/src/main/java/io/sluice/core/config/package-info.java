/**
 * The configuration: one HOCON file becomes immutable records, or a list of everything that is
 * wrong with it.
 *
 * <p>{@link io.sluice.core.config.ProxyConfigLoader} reads the file; the specifications in {@code
 * *Settings} say what each section knows (the reference documentation is made from the same ones);
 * {@link io.sluice.core.config.ProxyConfigBuilder} checks what goes across sections: names that
 * must exist, modules, ports.
 */
@NullMarked
package io.sluice.core.config;

import org.jspecify.annotations.NullMarked;
