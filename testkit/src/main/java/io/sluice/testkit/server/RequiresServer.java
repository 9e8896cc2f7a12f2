package io.sluice.testkit.server;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test needs a server that {@code dev/install-servers} installs, for example {@code
 * mariadb-10.11}. Without it the test is skipped, visibly: a line on standard error and the reason
 * in the report. With {@code SLUICE_SERVERS_REQUIRED} set it fails instead. The tag lets the Maven
 * profile {@code extra-servers} run these tests alone.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Tag("extra-servers")
@ExtendWith(RequiresServerCondition.class)
public @interface RequiresServer {
  /** Names of all the servers that must be there. */
  String[] value();
}
