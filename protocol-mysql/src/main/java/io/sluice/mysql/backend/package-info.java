/** The client role towards a server: login, requests, and finding where each answer ends. */
@NullMarked
package io.sluice.mysql.backend;

import org.jspecify.annotations.NullMarked;
