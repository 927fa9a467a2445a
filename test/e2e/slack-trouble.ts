import type { MessageView } from "#simulator/page/contract.ts";
import { sayToCustomer } from "#simulator/say-to-customer.ts";
import { AGENTS, HELP, type TestApp } from "../support/app.ts";

const WAIT_MS = 30_000;

export const FACTS = {
  description: "It ends with error 503.",
  what: "function",
  who: "some",
  workaround: "limited",
  priority: "normal",
} as const;

/** Submits a ticket as a person would, and answers its number once it is saved. */
export async function submit(
  app: TestApp,
  given: { who?: string; channel?: string; values?: Record<string, string> } = {},
): Promise<string> {
  const actor = app.simulator.as(given.who ?? "U0TOM");
  const modal = await actor.command(given.channel ?? HELP, "/ticket");
  const values = { subject: "VPN", ...FACTS, ...given.values };
  const { modal: shown, errors } = await actor.submit(modal, values);
  const number = /DL-\d+/.exec(JSON.stringify(shown ?? {}))?.[0];
  if (!number) throw new Error(`There is no number. ${JSON.stringify(errors)}`);
  await actor.close(shown);
  return number;
}

/** The messages of a channel that name this ticket, as the vendor's and the customer's people see them. */
export function cardsIn(app: TestApp, channel: string, number: string): MessageView[] {
  return reader(app, channel)
    .messages(channel)
    .filter((message) => says(message, number) && !message.threadTs);
}

export function cardIn(app: TestApp, channel: string, number: string): Promise<MessageView> {
  return until(app, () => cardsIn(app, channel, number).at(-1));
}

/** Waits for a reply with these words under a message. */
export function replyUnder(app: TestApp, card: MessageView, words: string): Promise<MessageView> {
  return until(app, () => repliesUnder(app, card, words)[0]);
}

export function repliesUnder(app: TestApp, card: MessageView, words: string): MessageView[] {
  return reader(app, card.channel)
    .thread(card.channel, card.ts)
    .filter((message) => message.ts !== card.ts && says(message, words));
}

/** The agent answers through the triage card. */
export async function reply(app: TestApp, number: string, body: string): Promise<void> {
  const aki = app.simulator.as("U0AKI");
  const triage = await cardIn(app, AGENTS, number);
  await sayToCustomer(aki, await aki.pressForModal({ ts: triage.ts }, "ticket.reply"), { body });
}

export function until<T>(app: TestApp, probe: () => T | undefined | false | null): Promise<T> {
  return app.simulator.until(probe, WAIT_MS);
}

export function says(message: { text: string; blocks: unknown }, words: string): boolean {
  return `${message.text}\n${JSON.stringify(message.blocks)}`.includes(words);
}

/** Polls what no change of the simulator announces, a row for one. */
export async function untilTrue<T>(probe: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + WAIT_MS;
  while (Date.now() < end) {
    const found = await probe();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("It did not happen in time.");
}

export function lines(app: TestApp, msg: string) {
  return app.logged.filter((line) => line.msg === msg);
}

/** Every unfinished job is done within the wait, and none was given up. */
export async function settled(app: TestApp): Promise<void> {
  await untilTrue(async () => (await waiting(app)).length === 0);
}

export async function waiting(app: TestApp) {
  return app.db
    .selectFrom("job")
    .select(["id", "name", "lane", "last_error", "run_at", "attempts", "dead_at"])
    .where("done_at", "is", null)
    .where("name", "not like", "access.%")
    .where("name", "<>", "ticket.ending-due") // days away
    .execute();
}

/** Somebody who is in the channel, or the owner of the DM. */
function reader(app: TestApp, channel: string) {
  const { memberIds } = app.simulator.world.channel(channel);
  const person = memberIds.find((id) => !app.simulator.world.person(id).isBot);
  return app.simulator.as(person ?? "U0TOM");
}
