import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { registerAccess } from "#access/slack.ts";
import { createInstallations } from "#accounts/installations.ts";
import { NO_POLICY, type Policy } from "#accounts/policy.ts";
import { registerInstallations } from "#accounts/slack.ts";
import { saveAccount, saveAccountChannel, saveInstallation } from "#accounts/store.ts";
import { createNotices } from "#db/notices.ts";
import { Problem } from "#errors.ts";
import { registerHome } from "#home/slack.ts";
import { createMetrics } from "#metrics.ts";
import type { Simulator } from "#simulator/simulator.ts";
import { createChannels } from "#slack/channels.ts";
import { createCallSlack } from "#slack/clients.ts";
import { SlackRefused } from "#slack/failures.ts";
import { createFiles } from "#slack/files.ts";
import { identifyToken } from "#slack/identify.ts";
import { createMessenger } from "#slack/messenger.ts";
import { createPeople } from "#slack/people.ts";
import type {
  ChangeCall,
  CommandCall,
  Door,
  EventCall,
  PressCall,
  ShortcutCall,
  SubmitCall,
} from "#slack/replies.ts";
import { textsOf } from "#text/texts.ts";
import { registerAgentsChannel } from "#tickets/agents-channel.ts";
import { registerClosedChannels } from "#tickets/closed-channel.ts";
import { registerTickets } from "#tickets/slack.ts";
import { AGENTS, EXT_BETA } from "./app.ts";
import type { TestDatabase } from "./database.ts";
import { startServers } from "./servers.ts";

export type Who = { teamId: string; userId: string };
export type Given = {
  channelId?: string;
  text?: string;
  value?: string;
  metadata?: string;
  message?: ShortcutCall["message"];
  values?: Record<string, string>;
  event?: Record<string, unknown>;
};
/** What came of a call: "opens", "answers", "shows", "closes", "does", or "refuses" with the reason. */
export type CameOf = { outcome: string; seen: string };

export type TestDoor = AsyncDisposable & {
  database: TestDatabase;
  db: TestDatabase["db"];
  simulator: Simulator;
  /** Everything that is registered, e.g. "press ticket.take". */
  names: string[];
  call(name: string, who: Who, given?: Given): Promise<CameOf>;
};

/** Every handler of the app as it is registered, on PostgreSQL, with roles asked from the simulator; no worker. */
export async function openTestDoor(how: { policy?: Partial<Policy> } = {}): Promise<TestDoor> {
  await using stack = new AsyncDisposableStack();
  const { database, simulator } = stack.use(await startServers({ paced: false }));
  await seed(database.db, simulator);
  const { handlers, door } = recordingDoor();
  const policy = { ...NO_POLICY, ...how.policy };
  await register(door, { db: database.db, apiUrl: simulator.apiUrl, policy });
  const parts = stack.move();
  return {
    database,
    db: database.db,
    simulator,
    names: [...handlers.keys()],
    async call(name, who, given = {}) {
      const handler = handlers.get(name);
      if (!handler) throw new Error(`Nothing is registered as ${name}.`);
      return cameOf((seen) => handler(who, given, seen));
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

async function seed(db: TestDatabase["db"], { apiUrl, tokens }: Simulator): Promise<void> {
  for (const id of ["home", "acme", "beta"])
    await saveAccount(db, { id, name: `Account ${id}`, plan: "paid" });
  const kumo = await identifyToken(apiUrl, tokens.T0KUMO ?? "");
  const acme = await identifyToken(apiUrl, tokens.T0ACME ?? "");
  await saveInstallation(db, { ...kumo, accountId: undefined, isHome: true });
  await saveInstallation(db, { ...acme, accountId: "acme", isHome: false });
  await saveAccountChannel(db, "beta", { teamId: "T0KUMO", channelId: EXT_BETA });
}

async function register(
  door: Door,
  { db, apiUrl, policy }: { db: TestDatabase["db"]; apiUrl: string; policy: Policy },
): Promise<void> {
  const log = pino({ level: "silent" });
  const notices = createNotices(db, log);
  const { find: findInstallation } = createInstallations(db, notices);
  const callSlack = createCallSlack({
    apiUrl,
    findInstallation,
    timeoutMs: 10_000,
    metrics: createMetrics(),
    onTokenEnded: () => {},
  });
  const people = createPeople(callSlack, { known: [], remember: async () => {} });
  const messenger = createMessenger(db, callSlack);
  const files = createFiles({
    db,
    callSlack,
    findInstallation,
    filesUrl: new URL(apiUrl).origin,
    timeoutMs: 10_000,
  });
  const agentsChannel = { teamId: "T0KUMO", channelId: AGENTS };
  const channels = createChannels(callSlack);
  const needs = {
    db,
    people,
    channels,
    messenger,
    files,
    agentsChannel,
    notices,
    policy: () => policy,
    log,
    findInstallation,
  };
  registerTickets(door, needs);
  registerAgentsChannel(door, needs);
  registerClosedChannels(door, needs);
  registerAccess(door, needs);
  registerHome(door, needs);
  registerInstallations(door, callSlack);
}

type Seen = (what: string, shown: unknown) => void;
type Handler = (who: Who, given: Given, seen: Seen) => Promise<void>;

function recordingDoor() {
  const handlers = new Map<string, Handler>();
  const door: Door = {
    command: (name, handler) =>
      void handlers.set(`command ${name}`, (...call) => handler(commandCall(...call))),
    press: (name, handler) =>
      void handlers.set(`press ${name}`, (...call) => handler(pressCall(...call))),
    shortcut: (name, handler) =>
      void handlers.set(`shortcut ${name}`, (...call) => handler(shortcutCall(...call))),
    submit: (name, handler) =>
      void handlers.set(`submit ${name}`, (...call) => handler(submitCall(...call))),
    change: (name, handler) =>
      void handlers.set(`change ${name}`, (...call) => handler(changeCall(...call))),
    event(name, handler) {
      const others = handlers.get(`event ${name}`); // two may hear it
      handlers.set(`event ${name}`, async (who, given, seen) => {
        await others?.(who, given, seen);
        const { event = {} } = given;
        await handler({ teamId: who.teamId, eventId: randomUUID(), event } satisfies EventCall);
      });
    },
  };
  return { handlers, door };
}

function callBy(who: Who, seen: Seen) {
  const texts = textsOf("en");
  const homeTeamId = who.userId === "U0SOL" ? "T0SOL" : who.teamId;
  return {
    caller: { ...who, name: who.userId, language: "en" as const, texts, homeTeamId },
    key: randomUUID(),
    open: async (draw: Parameters<PressCall["open"]>[0]) => seen("opens", draw(texts)),
    answer: async (message: unknown) => seen("answers", message),
  };
}

function commandCall(who: Who, { channelId = "", text = "" }: Given, seen: Seen): CommandCall {
  return { ...callBy(who, seen), channelId, text };
}

function pressCall(who: Who, { channelId, value = "" }: Given, seen: Seen): PressCall {
  return { ...callBy(who, seen), channelId, value };
}

function shortcutCall(who: Who, { channelId, message }: Given, seen: Seen): ShortcutCall {
  return { ...callBy(who, seen), channelId, message };
}

function submitCall(who: Who, { metadata = "", values = {} }: Given, seen: Seen): SubmitCall {
  const { open: _, answer: __, ...call } = callBy(who, seen);
  return {
    ...call,
    metadata,
    values,
    refuse: async (errors) => seen("refuses fields", errors),
    show: async (view) => seen("shows", view),
    close: async () => seen("closes", ""),
  };
}

function changeCall(
  who: Who,
  { value = "", metadata = "", values = {} }: Given,
  seen: Seen,
): ChangeCall {
  const { caller } = callBy(who, seen);
  return { caller, value, metadata, values, redraw: async (view) => seen("redraws", view) };
}

async function cameOf(act: (seen: Seen) => Promise<void>): Promise<CameOf> {
  const came: CameOf = { outcome: "does", seen: "" };
  try {
    await act((what, shown) => Object.assign(came, { outcome: what, seen: JSON.stringify(shown) }));
  } catch (error) {
    if (error instanceof SlackRefused) return { outcome: `refuses ${error.code}`, seen: "Slack" };
    if (!(error instanceof Problem)) throw error;
    return { outcome: `refuses ${error.code}`, seen: textsOf("en").problem(error) };
  }
  return came;
}
