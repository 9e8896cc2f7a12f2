/** What modules show to and offer administrators. */
@NullMarked
package io.sluice.api.admin;

import org.jspecify.annotations.NullMarked;
