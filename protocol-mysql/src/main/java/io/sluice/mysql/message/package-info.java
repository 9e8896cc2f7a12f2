/** One record for each packet that is decoded or made, with decode and encode side by side. */
@NullMarked
package io.sluice.mysql.message;

import org.jspecify.annotations.NullMarked;
