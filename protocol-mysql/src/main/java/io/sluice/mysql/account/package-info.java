/**
 * Who may log in: accounts loaded from a service's servers, or listed in the configuration.
 *
 * <p>{@link io.sluice.mysql.account.AccountStore} is what logins ask; {@link
 * io.sluice.mysql.account.LoadedAccounts} fills it from servers through {@link
 * io.sluice.mysql.account.AccountLoad} and keeps a copy on disk ({@link
 * io.sluice.mysql.account.AccountCacheFile}), {@link io.sluice.mysql.account.StaticAccounts} from
 * the configuration. An {@link io.sluice.mysql.account.AccountTable} is one immutable state and
 * finds the account for a user and host as servers do.
 */
@NullMarked
package io.sluice.mysql.account;

import org.jspecify.annotations.NullMarked;
