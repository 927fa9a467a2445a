import { pressesTaken } from "../witnesses/presses.ts";
import type { Op } from "../world/history.ts";
import type { World } from "../world/world.ts";
import type { Records } from "./records.ts";
import type { Finding } from "./violations.ts";

const EVENT_LIFE_MS = 40_000; // from its first delivery to its last

type Check = Pick<Finding, "claim" | "claimCount">;

/** What people were told is what the database has: an acknowledged deed is one record, any other at most one. */
export function checkClient(world: World, records: Records, finding: Check): void {
  for (const op of world.history.ops) {
    const isThere = op.isSettled !== false || !isHeard(world, op);
    finding.claim(isThere, notThere(op), op);
    if (op.deed === "file") checkFiled(op, op.token, records, finding);
    if (op.deed === "confirm") checkFiled(op, op.ticket, records, finding);
    if (isComment(op)) checkComment(world, op, records, finding);
  }
  for (const press of pressesTaken(world.slack)) {
    const isTaken = records.inbox.has(`slack.press ${press.key}`);
    finding.claim(isTaken, "a press was acknowledged and nothing was saved", press);
  }
  checkAccess(world, records, finding);
}

export function notThere({ deed }: Op): string {
  return `what should come of "${deed}" is not there`;
}

function checkFiled(
  op: Op,
  about: string | undefined,
  { tickets }: Records,
  { claim, claimCount }: Check,
): void {
  const filed = tickets.filter(({ subject }) => subject === about);
  if (op.outcome !== "ok") {
    claim(filed.length <= 1, "a submission that was repeated is filed twice", op, ...filed);
    return;
  }
  claimCount(filed, 1, "tickets of an acknowledged submission", op);
  const [ticket] = filed;
  const isTrue = ticket !== undefined && `DL-${ticket.number}` === op.number;
  claim(isTrue, "the person read another number", op, ticket);
}

function checkComment(
  world: World,
  op: Op,
  { history }: Records,
  { claim, claimCount }: Check,
): void {
  const kept = history.filter(({ body }) => body === op.token);
  if (op.outcome === "ok" && isHeard(world, op)) claimCount(kept, 1, `records of "${op.deed}"`, op);
  else claim(kept.length <= 1, `"${op.deed}" is recorded twice`, op, ...kept);
}

function isComment({ deed, said }: Op): boolean {
  return (
    ["reply", "ask", "inform", "say"].includes(deed) || (deed === "news" && said === "comment")
  );
}

/** An event counts when Slack could deliver it: after its last try it gives up. */
export function isHeard({ slack }: World, { deed, by, token, at, until }: Op): boolean {
  if (deed !== "say" && deed !== "home") return true;
  return slack.deliveries.some(({ kind, payload, outcome, at: answeredAt }) => {
    if (kind !== "events_api" || outcome !== "answer") return false;
    const { event } = payload as { event: { type: string; text?: string; user?: string } };
    if (deed === "say") return event.text === token;
    const isTheirs = event.type === "app_home_opened" && event.user === by;
    return isTheirs && at <= answeredAt && answeredAt <= until + EVENT_LIFE_MS;
  });
}

function checkAccess({ history }: World, records: Records, { claim, claimCount }: Check): void {
  const wishes = history.ops.filter(({ deed }) => deed === "access");
  const keys = [...records.inbox].filter((entry) => entry.startsWith("slack.command "));
  claimCount(keys, records.accessChanges, "commands that were taken, of those that changed access");
  if (wishes.some(({ outcome }) => outcome !== "ok")) return;
  const isOn = wishes.reduce((on, { said }) => {
    if (said === "off") return false;
    return said?.startsWith("grant") ? true : on;
  }, false);
  claim(isOn === records.isAccessOn, "support access is not as the admin was told", ...wishes);
}
