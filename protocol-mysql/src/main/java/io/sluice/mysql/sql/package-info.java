/**
 * What a statement is and where it may go. {@link io.sluice.mysql.sql.SqlLexer} cuts the bytes of a
 * statement into tokens, {@link io.sluice.mysql.sql.StatementClassifier} looks at the tokens and
 * says in a {@link io.sluice.mysql.sql.Statement} what the statement does. Nothing here throws on
 * bad SQL: what is not understood counts as a change of data, because the master can do anything.
 */
@NullMarked
package io.sluice.mysql.sql;

import org.jspecify.annotations.NullMarked;
