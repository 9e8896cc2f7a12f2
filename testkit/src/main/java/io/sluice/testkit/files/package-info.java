/** Looking into folders in which another process or thread is at work. */
@NullMarked
package io.sluice.testkit.files;

import org.jspecify.annotations.NullMarked;
