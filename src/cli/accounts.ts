import type { Account } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import type { Installation } from "#slack/installation.ts";

/** What the commands do to accounts. `cli.ts` brings it, as a feature is not changed from elsewhere. */
export type Accounts = {
  findAccount(db: Db, id: string): Promise<Account | undefined>;
  saveAccount(db: Db, account: Account): Promise<void>;
  setAdmins(
    db: Db,
    accountId: string,
    admins: readonly { teamId: string; userId: string }[],
  ): Promise<void>;
  saveAccountChannel(
    db: Db,
    accountId: string,
    channel: { teamId: string; channelId: string },
  ): Promise<void>;
  saveInstallation(db: Db, installation: Installation): Promise<void>;
};
