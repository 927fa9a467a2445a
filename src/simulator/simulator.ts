import { type Actor, actorFor } from "./actor.ts";
import { type Change, createChanges } from "./changes.ts";
import { createDelivery } from "./delivery.ts";
import { type Chance, createFaults, type Fault } from "./faults.ts";
import type { Manifest } from "./manifest.ts";
import { createPace } from "./pace.ts";
import { dropExpiredUrls } from "./response-urls.ts";
import { APP_TOKEN, SIGNING_SECRET } from "./seed.ts";
import { listen, portOf } from "./server.ts";
import type { ApiCall, Sim, WitnessEntry } from "./sim.ts";
import { createSocketMode } from "./socket-mode.ts";
import { createTriggers } from "./triggers.ts";
import { untilTrue } from "./until.ts";
import { openWorld, type World } from "./world.ts";
import { type WorldAccess, worldAccess } from "./world-access.ts";

export type SimulatorOptions = {
  manifest: Manifest;
  /** 0, the default, takes a free one. */
  port?: number;
  host?: string;
  /** Keeps the world in this SQLite file; absent: in memory. */
  file?: string;
  /** Rate limits, on unless said otherwise. */
  paced?: boolean;
  /** The app's Request URL; absent: Socket Mode only. */
  deliverTo?: string;
  /** Milliseconds before an event's three retries; Slack's are 0, 1 minute and 5 minutes. */
  eventRetries?: readonly number[];
  witness?: (entry: WitnessEntry) => void;
  /** Takes mail, too, and shows it in the page. */
  takesMail?: boolean;
  /** Of a name and picture without their scope: Slack has been seen to refuse them (so here), and to leave them out. */
  ignoresLooks?: boolean;
  /** Draws which calls a fault with a share strikes. */
  chance?: Chance;
};

export type Simulator = AsyncDisposable & {
  url: string;
  apiUrl: string;
  /** Where files are fetched and uploaded: an origin. */
  filesUrl: string;
  /** Where mail is taken; absent without `takesMail`. */
  smtpUrl: string | undefined;
  signingSecret: string;
  appToken: string;
  /** Workspace id → the app's bot token there. */
  tokens: Record<string, string>;
  deliverTo(url: string | undefined): void;
  /** How the app is connected just now. */
  delivery(): "http" | "socket" | "none";
  as(userId: string): Actor;
  faults: { add(fault: Fault): string; end(id?: string): void };
  calls(): readonly ApiCall[];
  world: WorldAccess;
  onChange(listener: (change: Change) => void): () => void;
  /** Waits until the probe gives something, looking again at every change. */
  until<T>(probe: () => T | undefined | false | null, timeoutMs?: number): Promise<T>;
};

const SLACK_EVENT_RETRIES = [0, 60_000, 300_000];

export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const changes = createChanges();
  const worldChanged = () => changes.tell({ what: "world" });
  const witness = options.witness ?? (() => {});
  const sockets = createSocketMode(worldChanged);
  const faults = createFaults(
    {
      changed: worldChanged,
      disconnect: () => sockets.disconnect("refresh_requested"),
      terminate: sockets.terminate,
    },
    options.chance,
  );
  const world = openWorld(options.file);
  const sim: Sim = {
    world,
    manifest: options.manifest,
    changes,
    triggers: createTriggers(),
    faults,
    pace: createPace(options.paced ?? true),
    sockets,
    delivery: createDelivery(
      {
        sockets,
        faults,
        secret: SIGNING_SECRET,
        eventRetries: options.eventRetries ?? SLACK_EVENT_RETRIES,
        pending: world.events,
        changed: worldChanged,
        witness,
      },
      options.deliverTo,
    ),
    mailbox: options.takesMail ? await takeMail(world, worldChanged) : undefined,
    calls: [],
    ignoresLooks: options.ignoresLooks ?? false,
    origin: "",
    witness,
  };
  dropExpiredUrls(world);
  const host = options.host ?? "127.0.0.1";
  const server = await listen(sim, { port: options.port ?? 0, host });
  sim.origin = `http://${host === "0.0.0.0" ? "127.0.0.1" : host}:${portOf(server)}`;
  world.origin = sim.origin;
  sim.delivery.resume();
  return {
    url: sim.origin,
    apiUrl: `${sim.origin}/api/`,
    filesUrl: sim.origin,
    smtpUrl: sim.mailbox?.smtpUrl,
    signingSecret: SIGNING_SECRET,
    appToken: APP_TOKEN,
    tokens: Object.fromEntries(
      sim.world.installs.values().map(({ teamId, token }) => [teamId, token]),
    ),
    deliverTo: sim.delivery.deliverTo,
    delivery: sim.delivery.mode,
    as: (userId) => actorFor(sim, userId),
    faults,
    calls: () => sim.calls,
    world: worldAccess(sim),
    onChange: changes.listen,
    until: (probe, timeoutMs) => untilTrue(changes, probe, timeoutMs),
    async [Symbol.asyncDispose]() {
      sim.delivery.close();
      await sim.mailbox?.[Symbol.asyncDispose]();
      sockets.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      sim.world.close();
    },
  };
}

/** Loaded only where it is used. */
async function takeMail({ mails }: World, changed: () => void) {
  const { openMailbox } = await import("./mailbox.ts");
  return openMailbox(mails, changed);
}
