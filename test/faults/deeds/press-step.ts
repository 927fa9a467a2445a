import { deskOf, triageCardOf } from "../people/effects.ts";
import { type Came, judge, untilItWorks } from "../people/patience.ts";
import { AGENT_PEOPLE, type Known, type Town } from "../people/town.ts";
import { pressOf } from "../witnesses/presses.ts";
import type { Post } from "../witnesses/slack-witness.ts";
import type { World } from "../world/world.ts";
import { type Done, doneAs } from "./done.ts";

const NO_MS = 1000; // a refusal comes right after the ack
const STATUS = { take: "open", solve: "solved", reopen: "open" } as const;

/** A button of the agents' card that does at once what it says. */
export async function pressStep(
  town: Town,
  step: keyof typeof STATUS,
  ticket: Known,
): Promise<Done> {
  const { world } = town;
  const by = world.plan.random.pick(AGENT_PEOPLE);
  const at = Date.now();
  let isPressed = false;
  const came = await town.alone([by], () =>
    untilItWorks(async () => {
      const card = triageCardOf(world, ticket);
      const hasButton = JSON.stringify(card?.blocks ?? "").includes(`"ticket.${step}"`);
      // It comes when the card is drawn again; after a press it is gone, because that was heard after all.
      if (!card || !hasButton) return { outcome: isPressed ? "ok" : "failed", said: "no button" };
      isPressed = true;
      return pressOnce(world, { by, step, card });
    }),
  );
  const token = world.newToken();
  const op = doneAs({ token, deed: step, by, at, ticket: ticket.token }, came);
  if (came.outcome !== "ok") return { op };
  const isNews = ticket.status !== STATUS[step];
  ticket.status = STATUS[step];
  if (step !== "reopen") ticket.isTaken = true;
  if (!isNews) return { op };
  const isTold = () =>
    deskOf(world, ticket).some((entry) => entry.to === STATUS[step] && entry.at.getTime() >= at);
  return { op, isThere: isTold };
}

async function pressOnce(
  world: World,
  { by, step, card }: { by: string; step: string; card: Post },
): Promise<Came> {
  const before = world.slack.deliveries.length;
  const came = judge(await world.person(by).press(card, `ticket.${step}`));
  if (came.outcome !== "ok") return came;
  const no = await world.slack.until(() => {
    const sent = world.slack.deliveries.slice(before).find((each) => pressOf(each)?.by === by);
    return world.slack.responses.find(({ url }) => url === (sent && pressOf(sent)?.responseUrl));
  }, NO_MS);
  return no ? { outcome: "failed", said: no.body } : came;
}
