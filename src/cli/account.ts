import { Command, Option } from "commander";
import { supportAccess } from "#access/ask.ts";
import type { Db } from "#db/connect.ts";
import type { Accounts } from "./accounts.ts";
import { CommandRefused } from "./refused.ts";
import { withDatabase } from "./run.ts";
import { findAccountLines, findChannelOwner } from "./store.ts";
import { table } from "./table.ts";

type Given = { name?: string; plan?: "free" | "paid"; admin?: string[]; channel?: string[] };

const NONE = "none";

export function accountCommand(accounts: Accounts): Command {
  const account = new Command("account").description("the customers");
  account
    .command("set <id>")
    .description("make an account, or change what is given here about it")
    .option("--name <name>", "its name, as agents read it")
    .addOption(new Option("--plan <plan>", "what it pays for").choices(["free", "paid"]))
    .option(
      "--admin <workspace/person...>",
      `its named admins, instead of the present ones; "${NONE}" for none`,
    )
    .option(
      "--channel <workspace/channel...>",
      "channels of a shared workspace that belong to it, one or more",
    )
    .action((id: string, given: Given) =>
      withDatabase((db) => setAccount(db, accounts, { id, given })),
    );
  account
    .command("list")
    .description("list the accounts")
    .action(() => withDatabase(list));
  return account;
}

/** Everything given is read before anything is written. */
async function setAccount(
  db: Db,
  accounts: Accounts,
  { id, given }: { id: string; given: Given },
): Promise<void> {
  mustBeAccountId(id);
  const admins = given.admin && readAdmins(given.admin);
  const channels = (given.channel ?? []).map((text) => readPair(text, CHANNEL));
  const before = await accounts.findAccount(db, id);
  const name = given.name?.trim() || before?.name;
  if (!name) throw new CommandRefused(`${id} is a new account: give its --name.`);

  await accounts.saveAccount(db, { id, name, plan: given.plan ?? before?.plan ?? "paid" });
  if (admins) await accounts.setAdmins(db, id, admins);
  for (const [teamId, channelId] of channels) {
    const owner = await findChannelOwner(db, { teamId, channelId });
    await accounts.saveAccountChannel(db, id, { teamId, channelId });
    if (owner && owner !== id)
      console.log(`${teamId}/${channelId} belonged to ${owner} until now.`);
  }
  console.log(`The account ${id} is saved.`);
}

export function mustBeAccountId(id: string): void {
  if (/^[a-z0-9][a-z0-9_-]{0,62}$/.test(id)) return;
  throw new CommandRefused(
    `"${id}" cannot be an account's id: small letters, digits, - and _, at most 63.`,
  );
}

const USER = /^(T[A-Z0-9]+)\/([UW][A-Z0-9]+)$/;
const CHANNEL = /^(T[A-Z0-9]+)\/([CG][A-Z0-9]+)$/;

function readAdmins(texts: string[]): { teamId: string; userId: string }[] {
  if (texts.length === 1 && texts[0] === NONE) return [];
  return texts.map((text) => {
    const [teamId, userId] = readPair(text, USER);
    return { teamId, userId };
  });
}

function readPair(text: string, shape: RegExp): [string, string] {
  const [, teamId, id] = shape.exec(text) ?? [];
  if (teamId && id) return [teamId, id];
  const example = shape === USER ? "T0123ABCD/U0123ABCD" : "T0123ABCD/C0123ABCD";
  throw new CommandRefused(`"${text}" should look like ${example}.`);
}

async function list(db: Db, where: string): Promise<void> {
  const lines = await findAccountLines(db);
  const rows: string[][] = [];
  for (const { id, name, plan, workspaces, channels, admins } of lines) {
    const access = await supportAccess(db, id);
    const until = access.isOn ? `on until ${access.until.toISOString()}` : "off";
    rows.push([
      id,
      name,
      plan,
      ...[workspaces, channels, admins].map((each) => each.join(" ") || "-"),
      until,
    ]);
  }
  if (rows.length === 0)
    return console.log(`There is no account yet: \`account set <id> --name …\`. ${where}`);
  const head = ["ID", "NAME", "PLAN", "WORKSPACES", "CHANNELS", "ADMINS", "SUPPORT ACCESS"];
  console.log(table(head, rows));
}
