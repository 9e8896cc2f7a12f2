/** What routers see of a client's request and of its answer, and what was agreed at logins. */
@NullMarked
package io.sluice.mysql.request;

import org.jspecify.annotations.NullMarked;
