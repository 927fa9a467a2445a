import { setTimeout as sleep } from "node:timers/promises";
import { comment } from "../deeds/comment.ts";
import { carryOut } from "../deeds/done.ts";
import { fileTicket } from "../deeds/file-ticket.ts";
import { visit } from "../deeds/visit.ts";
import { hasCards } from "../people/effects.ts";
import { GENERAL, HELP, type Known, REQUESTERS, type Town } from "../people/town.ts";

/** What two agents say in one thread, one word before the last is told: their order shows. */
const SAID = ["reply", "ask", "reply"] as const;
const AT_ONCE = 12;
const LOOK_MS = 20;
const TALK = 0.2; // of what people do; the rest is filing
const FILES = 3; // that come with a ticket
const VISITS = 2; // of people without Slack
const EASY_MS = 1000; // between two deeds, when all is filed and the faults go on

/** People file so many tickets and talk about them; they go on until the faults are over as well. */
export async function work(
  town: Town,
  { count, faults }: { count: number; faults: Promise<unknown> },
): Promise<void> {
  const { random } = town.world.plan;
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  faults.then(end, end);
  let filed = 0;
  while (filed < count || !isOver) {
    const isEasy = filed >= count;
    await sleep(isEasy ? EASY_MS : LOOK_MS);
    if (town.pending.size >= AT_ONCE) continue;
    if (random.chance(TALK) && talk(town)) continue;
    if (file(town, filed, count)) filed += 1;
  }
  await faults;
  while (town.pending.size > 0) await Promise.all(town.pending); // one may begin another
}

/** One more ticket; a few come with a file, and beside a few of them somebody comes by the web form. */
function file(town: Town, nth: number, count: number): boolean {
  const { random } = town.world.plan;
  const free = REQUESTERS.filter((by) => !town.isBusy(by));
  if (free.length === 0) return false;
  const doing = fileTicket(town, {
    hasFile: isTurn(nth, count, FILES),
    by: random.pick(free),
    channel: random.pick([HELP, GENERAL]),
  });
  town.begin(carryOut(town, doing));
  if (isTurn(nth, count, VISITS)) town.begin(visit(town));
  return true;
}

/** So many times, evenly, among so many filings. */
function isTurn(nth: number, count: number, times: number): boolean {
  return nth % Math.ceil(count / times) === 0;
}

/** About a ticket whose cards are there. False when there is none. */
function talk(town: Town): boolean {
  const { world } = town;
  const isReady = (one: Known) =>
    one.status !== "solved" && !town.isBusy(one.token) && hasCards(world, one);
  const ready = town.tickets.filter(isReady);
  if (ready.length === 0) return false;
  const ticket = world.plan.random.pick(ready);
  town.begin(town.alone([ticket.token], () => sayAll(town, ticket)));
  return true;
}

async function sayAll(town: Town, ticket: Known): Promise<void> {
  for (const step of SAID) {
    const done = await comment(town, step, ticket);
    town.begin(carryOut(town, Promise.resolve(done)));
  }
}
