import { text } from "node:stream/consumers";
import { Command } from "commander";
import { readSlackApiUrl } from "#config.ts";
import type { Db } from "#db/connect.ts";
import { RetryLater } from "#errors.ts";
import { SlackRefused } from "#slack/failures.ts";
import { identifyToken } from "#slack/identify.ts";
import { mustBeAccountId } from "./account.ts";
import type { Accounts } from "./accounts.ts";
import { CommandRefused } from "./refused.ts";
import { withDatabase } from "./run.ts";
import { findWorkspace } from "./store.ts";

type Given = { account: string; name?: string; slackApiUrl?: string };

export function installCommand(accounts: Accounts): Command {
  return new Command("install")
    .description(
      "connect a customer's workspace; its bot token (xoxb-…) comes on the standard input",
    )
    .requiredOption("--account <id>", "the account it belongs to; made when there is none")
    .option("--name <name>", "the name of a new account; without: the workspace's")
    .option("--slack-api-url <url>", "for simulators and tests; without: SLACK_API_URL")
    .action(async (given: Given) => {
      mustBeAccountId(given.account);
      const workspace = await identify(given.slackApiUrl ?? readSlackApiUrl(), await readToken());
      await withDatabase((db) => install(db, accounts, { given, workspace }));
    });
}

type Workspace = Awaited<ReturnType<typeof identifyToken>>;

async function install(
  db: Db,
  accounts: Accounts,
  { given, workspace }: { given: Given; workspace: Workspace },
): Promise<void> {
  const { teamId, teamName } = workspace;
  const before = await findWorkspace(db, teamId);
  if (before?.isHome) {
    throw new CommandRefused(`${teamName} is your own workspace: its token is SLACK_BOT_TOKEN.`);
  }
  const id = given.account;
  if (!(await accounts.findAccount(db, id))) {
    await accounts.saveAccount(db, { id, name: given.name ?? teamName, plan: "paid" });
  }
  await accounts.saveInstallation(db, { ...workspace, accountId: id, isHome: false });

  if (before?.accountId && before.accountId !== id) {
    console.log(`It belonged to ${before.accountId} until now; tickets filed there stay there.`);
  }
  console.log(`${teamName} (${teamId}) is connected to the account ${id}.`);
}

/** Never an argument: those stand in the shell's history and in the list of processes. */
async function readToken(): Promise<string> {
  if (process.stdin.isTTY) console.error("Paste the bot token, then press Enter and Ctrl-D:");
  const token = (await text(process.stdin)).trim();
  if (/^xoxb-[\w-]+$/.test(token)) return token;
  throw new CommandRefused("The standard input must have one bot token, which begins with xoxb-.");
}

async function identify(apiUrl: string, token: string): Promise<Workspace> {
  try {
    return await identifyToken(apiUrl, token);
  } catch (cause) {
    if (!(cause instanceof RetryLater || cause instanceof SlackRefused)) throw cause;
    const why = cause.cause instanceof Error ? cause.cause.message : cause.message;
    if (cause instanceof RetryLater)
      throw new CommandRefused(
        `Slack gives no answer at ${apiUrl} (${why}). Try again, and see that this machine may reach that address.`,
        { cause },
      );
    throw new CommandRefused(`Slack did not say whose token this is: ${why}`, { cause });
  }
}
