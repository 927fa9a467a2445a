import type { FaultPoint } from "#fault-points.ts";
import { changeAccess } from "../deeds/change-access.ts";
import { comment } from "../deeds/comment.ts";
import { carryOut, type Done } from "../deeds/done.ts";
import { endGrant } from "../deeds/end-grant.ts";
import { fileTicket } from "../deeds/file-ticket.ts";
import { openHome } from "../deeds/open-home.ts";
import { pressStep } from "../deeds/press-step.ts";
import { sayInThread } from "../deeds/say-in-thread.ts";
import { takeBack } from "../deeds/take-back.ts";
import { tellNews } from "../deeds/tell-news.ts";
import { visit } from "../deeds/visit.ts";
import type { Deed } from "../world/history.ts";
import { hasCards } from "./effects.ts";
import { AGENT_PEOPLE, GENERAL, HELP, type Known, RANDOM, REQUESTERS, type Town } from "./town.ts";

/** A deed, or the one of them that has several ways. */
type Errand =
  | Deed
  | ("file-elsewhere" | "file-urgent" | "file-a-log" | "say-a-log" | "reply-a-log" | "visit");
type Start = () => Promise<unknown>;

/** By whose beginning it is found: what leads past a fault point. To one that is not here, all that is usual does. */
const LEADS: [start: string, errands: readonly Errand[]][] = [
  ["slack.view", ["file", "inform"]],
  ["compose.", ["reply", "ask", "file"]],
  ["outgoing.", ["reply", "ask", "file"]],
  ["slack.press", ["take", "solve", "reopen"]],
  ["slack.command", ["access"]],
  ["slack.message", ["say"]],
  ["desk.", ["news"]],
  ["web.", ["visit"]],
  ["web-file.", ["visit"]],
  ["delete-file.", ["take-back"]],
  ["upload.", ["file-a-log", "say-a-log", "reply-a-log"]],
  ["edit.", ["take", "reply", "solve", "reopen", "news"]],
  ["open-dm.", ["file-elsewhere", "file-urgent", "grant-ends"]],
  ["permalink.", ["file"]],
  ["react.", ["say", "say-a-log"]],
  ["publish-home.", ["home"]],
];
const USUAL: readonly Errand[] = [
  ...(["file", "file", "file-urgent", "reply", "ask", "say"] as const),
  ...(["inform", "take", "solve", "reopen", "grant-ends"] as const),
  ...(["file-a-log", "say-a-log", "reply-a-log", "visit"] as const),
];
const OFF_TRACK = 0.15; // something else goes on as well
const UNCONFIRMED = 0.2; // of the visits

/** Begins something that leads past the point, as a rule. False when nobody is free for it. */
export function provoke(town: Town, point: FaultPoint): boolean {
  const { random } = town.world.plan;
  const leads = LEADS.find(([start]) => point.startsWith(start))?.[1] ?? USUAL;
  const errands = random.shuffled(random.chance(OFF_TRACK) ? USUAL : leads);
  const start = errands.map((errand) => wayTo(town, errand)).find((way) => way !== undefined);
  if (start) town.begin(start());
  return start !== undefined;
}

function wayTo(town: Town, errand: Errand): Start | undefined {
  const { random, mode } = town.world.plan;
  switch (errand) {
    case "file": {
      const channel = random.pick([HELP, GENERAL]);
      return byOneOf(town, REQUESTERS, (by) => fileTicket(town, { by, channel }));
    }
    case "file-a-log":
      return byOneOf(town, REQUESTERS, (by) =>
        fileTicket(town, { by, channel: HELP, hasFile: true }),
      );
    case "visit": {
      const confirms = !random.chance(UNCONFIRMED);
      return () => visit(town, { confirms });
    }
    case "file-elsewhere":
      return byOneOf(town, REQUESTERS, (by) => fileTicket(town, { by, channel: RANDOM }));
    case "file-urgent":
      return byOneOf(town, REQUESTERS, (by) =>
        fileTicket(town, { by, channel: HELP, isUrgent: true }),
      );
    case "access": {
      const wish = town.isAccessOn ? random.pick(["reset 9d", "off"] as const) : "grant 30d";
      return byOneOf(town, ["U0DANA"], () => changeAccess(town, wish));
    }
    case "home":
      return byOneOf(town, [...AGENT_PEOPLE, "U0HANA"], (by) => openHome(town, by));
    case "grant-ends":
      return mode === "pglite" ? undefined : () => carryOut(town, endGrant(town));
    case "say-a-log":
      return wayOnTicket(town, "say", { hasFile: true });
    case "reply-a-log":
      return wayOnTicket(town, "reply", { hasFile: true });
    default:
      return wayOnTicket(town, errand);
  }
}

const FITS: Partial<Record<Deed, readonly Known["status"][]>> = {
  take: ["new", "open", "pending"],
  reply: ["new", "open", "pending"],
  ask: ["new", "open"],
  solve: ["new", "open", "pending"],
  reopen: ["solved"],
  inform: ["open", "pending"],
  say: ["new", "open", "pending", "solved"],
  "take-back": ["new", "open", "pending"],
  news: ["new", "open", "pending", "solved"],
};

function wayOnTicket(town: Town, deed: Deed, { hasFile = false } = {}): Start | undefined {
  const isReadInSlack = ({ page }: Known) => !page; // by mail, nobody gets a file
  const fitting = town.tickets
    .filter((ticket) => isFit(town, deed, ticket))
    .filter((ticket) => !hasFile || isReadInSlack(ticket));
  if (fitting.length === 0) return undefined;
  const ticket = town.world.plan.random.pick(fitting);
  return () =>
    town.alone([ticket.token], () => carryOut(town, stepOn(town, deed, ticket, { hasFile })));
}

/** Its status allows it, nothing else is being done to it, and the cards are there to do it on. */
function isFit(town: Town, deed: Deed, ticket: Known): boolean {
  if (town.isBusy(ticket.token) || !FITS[deed]?.includes(ticket.status)) return false;
  if (deed === "take" && ticket.isTaken) return false;
  if (ticket.page && ["inform", "say", "take-back"].includes(deed)) return false; // they have no thread
  return hasCards(town.world, ticket);
}

function stepOn(
  town: Town,
  deed: Deed,
  ticket: Known,
  { hasFile }: { hasFile: boolean },
): Promise<Done> {
  switch (deed) {
    case "take":
    case "solve":
    case "reopen":
      return pressStep(town, deed, ticket);
    case "reply":
    case "ask":
    case "inform":
      return comment(town, deed, ticket, { hasFile });
    case "take-back":
      return takeBack(town, ticket);
    case "news":
      return tellNews(town, newsFor(town, ticket), ticket);
    default:
      return sayInThread(town, ticket, { hasFile });
  }
}

function newsFor(town: Town, { status }: Known): "comment" | "solved" | "reopened" {
  if (status === "solved") return "reopened";
  return town.world.plan.random.chance(0.25) ? "solved" : "comment";
}

function byOneOf(
  town: Town,
  people: readonly string[],
  act: (by: string) => Promise<Done>,
): Start | undefined {
  const free = people.filter((who) => !town.isBusy(who));
  if (free.length === 0) return undefined;
  const by = town.world.plan.random.pick(free);
  return () => carryOut(town, act(by));
}
