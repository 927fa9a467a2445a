import { setTimeout as sleep } from "node:timers/promises";
import { carryOut } from "../deeds/done.ts";
import { fileTicket } from "../deeds/file-ticket.ts";
import { provoke } from "../people/provoke.ts";
import { GENERAL, HELP, REQUESTERS, type Town } from "../people/town.ts";

const AT_ONCE = 12;
const LOOK_MS = 20;
const TALK = 0.2; // of what people do; the rest is filing
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
    if (random.chance(TALK) && provoke(town, "slack.view.before-commit")) continue;
    if (file(town)) filed += 1;
  }
  await faults;
  await Promise.all(town.pending);
}

function file(town: Town): boolean {
  const { random } = town.world.plan;
  const free = REQUESTERS.filter((by) => !town.isBusy(by));
  if (free.length === 0) return false;
  const doing = fileTicket(town, { by: random.pick(free), channel: random.pick([HELP, GENERAL]) });
  town.begin(carryOut(town, doing));
  return true;
}
