/** Reading and writing whole answers in the text format, for work that the proxy does itself. */
@NullMarked
package io.sluice.mysql.result;

import org.jspecify.annotations.NullMarked;
