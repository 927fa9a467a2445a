import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { connect, type Db } from "#db/connect.ts";
import { RetryLater } from "#errors.ts";
import { connectCustomers } from "../../../src/try.ts";
import { FAKE_DESK_SECRET } from "../../support/fake-desk.ts";
import { type Person, personAt } from "../people/person.ts";
import { freePort } from "../processes/free-port.ts";
import { type KeptRunning, keepRunning } from "../processes/kept-running.ts";
import { type Order, Strike } from "../processes/orders.ts";
import { type DeskWitness, followDesk } from "../witnesses/desk-witness.ts";
import { type Followed, followLog } from "../witnesses/follow-log.ts";
import { witnessJobs } from "../witnesses/job-witness.ts";
import { followMail, type MailWitness } from "../witnesses/mail-witness.ts";
import { followSlack, type SlackWitness } from "../witnesses/slack-witness.ts";
import type { Alarm } from "./alarm.ts";
import { type History, openHistory } from "./history.ts";
import { type Outside, startOutside } from "./outside.ts";
import type { Random } from "./random.ts";
import type { Servers } from "./servers.ts";

export const MODES = ["embedded", "bullmq", "pglite"] as const;
/** The embedded worker or BullMQ's beside a web process on PostgreSQL; or all in one process over PGlite. */
export type Mode = (typeof MODES)[number];

export type WorldPlan = {
  name: string;
  mode: Mode;
  random: Random;
  /** False: lanes make no pauses, where their pace is not the point. */
  isPaced?: boolean;
  workers?: number;
  /** Until when all that comes of a deed must be there; a minute when absent. */
  settleMs?: number;
  /** Rung at the first thing that is wrong, in a search. */
  alarm?: Alarm | undefined;
  /** A migrated database of a server of its own. */
  freshDatabase?(): Promise<string>;
  /** Where the app finds its servers, when there is something between. */
  through?(at: { databaseUrl: string; redisUrl: string }): Promise<Record<string, string>>;
  /** Flags of the desk. */
  desk?: string[];
  /** And of the mail server. */
  mail?: string[];
  /** Another desk than the one with keys. */
  deskProgram?: string;
  /** Another program than Deskline's own, from the root of the repository. */
  program?: string;
  /** The desk takes no files: they go into the agents' thread. */
  filesInSlack?: true;
};

/** One Deskline as it runs in production, its witnesses, and the people who use it. */
export type World = AsyncDisposable & {
  plan: WorldPlan;
  folder: string;
  simulatorUrl: string;
  deskUrl: string;
  /** Where the desk tells its news. */
  newsUrl: string;
  /** Where people reach the web form. */
  webUrl: string;
  slack: SlackWitness;
  desk: DeskWitness;
  mail: MailWitness;
  strikes: Followed<Strike>;
  apps: KeptRunning[];
  history: History;
  /** All processes, one of which will be the first; the orders stand until they are struck or others are given. */
  arm(orders: Order[]): void;
  person(userId: string): Person;
  /** With the database; where that is inside the app, the app is stopped for so long. */
  withDatabase<T>(work: (db: Db) => Promise<T>): Promise<T>;
  /** A word that nobody has used. */
  newToken(): string;
  /** Processes that did not stop in time and well when they were told. */
  lateStops: string[];
};

export const AGENTS = "C0AGENTS";
export const MAIL_DOMAIN = "vendor.example";
export const HTTP_TIMEOUT_MS = 2000;
/** A dead worker's work is taken up after so long: one call, and 5 s. */
export const LEASE_MS = HTTP_TIMEOUT_MS + 5000;

const CONNECT_TRIES = 6;

export async function openWorld(servers: Servers, plan: WorldPlan): Promise<World> {
  await using stack = new AsyncDisposableStack();
  const folder = join(servers.folder, plan.name);
  await mkdir(folder);
  const seed = String(plan.random.int(1, 1_000_000));
  const port = await freePort();
  const outside = await startOutside(stack, { folder, seed, port, plan });
  const { simulator, deskUrl } = outside;
  const place = await openPlace(stack, servers, plan);
  await place.withDatabase(async (db) => {
    await connectPatiently(db, simulator);
    await witnessJobs(db);
    if (plan.isPaced === false) await unpaceLanes(db);
  });
  const strikesFile = join(folder, "strikes.jsonl");
  const webUrl = `http://127.0.0.1:${port}`;
  const env = { ...place.env, ...settings(outside, plan), PUBLIC_URL: webUrl };
  const lateStops: string[] = [];
  const apps = rolesOf(plan).map(({ name, role }) => {
    const isWeb = role !== "worker";
    const app = keepRunning({
      name,
      // By its name the database knows whose hand is on a job.
      env: { ...env, DESKLINE_ROLE: role, PORT: String(isWeb ? port : 0), PGAPPNAME: name },
      log: join(folder, `${name}.log`),
      strikes: strikesFile,
      ...programOf(plan),
    });
    stack.defer(async () => {
      if (!(await app.stop())) lateStops.push(name);
    });
    return app;
  });
  await Promise.all(apps.map((app) => app.running()));

  let standing: Order[] = [];
  let count = 0;
  const parts = stack.move();
  return {
    plan,
    folder,
    simulatorUrl: simulator.url,
    deskUrl,
    newsUrl: `${webUrl}/desk/events`,
    webUrl,
    slack: parts.use(followSlack(join(folder, "slack.jsonl"))),
    desk: parts.use(followDesk(join(folder, "desk.jsonl"), deskUrl)),
    mail: parts.use(followMail(join(folder, "mail.jsonl"))),
    strikes: parts.use(followLog(strikesFile, (line) => Strike.parse(JSON.parse(line)))),
    apps,
    history: openHistory(join(folder, "client.jsonl")),
    arm(orders) {
      standing = orders;
      for (const app of apps) app.arm(orders);
    },
    person: (userId) => personAt(simulator.url, userId),
    async withDatabase(work) {
      if (plan.mode !== "pglite") return place.withDatabase(work);
      for (const app of apps) if (!(await app.stop())) lateStops.push(app.name);
      try {
        return await place.withDatabase(work);
      } finally {
        for (const app of apps) app.start();
        for (const app of apps) app.arm(standing);
      }
    },
    newToken() {
      count += 1;
      return `zk${count}x`;
    },
    lateStops,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

type Place = {
  env: Record<string, string>;
  withDatabase<T>(work: (db: Db) => Promise<T>): Promise<T>;
};

async function openPlace(
  stack: AsyncDisposableStack,
  servers: Servers,
  plan: WorldPlan,
): Promise<Place> {
  if (plan.mode === "pglite") {
    const data = await servers.freshData();
    return {
      env: { DESKLINE_DATA: data },
      async withDatabase(work) {
        await using database = await connect({ folder: join(data, "db") });
        return await work(database.db);
      },
    };
  }
  const databaseUrl = await (plan.freshDatabase ?? servers.freshDatabase)();
  const redisUrl = plan.mode === "bullmq" ? await servers.freshRedis() : "";
  const { db } = stack.use(await connect({ url: databaseUrl }));
  const env = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl };
  return {
    env: { ...env, ...(await plan.through?.({ databaseUrl, redisUrl })) },
    withDatabase: (work) => work(db),
  };
}

function rolesOf({ mode, workers = 1 }: WorldPlan) {
  if (mode === "pglite") return [{ name: "app", role: "all" }];
  const numbers = Array.from({ length: workers }, (_, index) => index + 1);
  return [
    { name: "web", role: "web" },
    ...numbers.map((number) => ({ name: `worker-${number}`, role: "worker" })),
  ];
}

function programOf({ program, filesInSlack }: WorldPlan): { program?: string } {
  if (program) return { program };
  return filesInSlack ? { program: "test/faults/desks/main-without-files.ts" } : {};
}

function settings({ simulator, deskUrl, smtpUrl }: Outside, plan: WorldPlan) {
  return {
    SLACK_BOT_TOKEN: simulator.tokens.T0KUMO ?? "",
    SLACK_SIGNING_SECRET: simulator.signingSecret,
    SLACK_API_URL: simulator.apiUrl,
    SLACK_FILES_URL: simulator.filesUrl,
    SLACK_PICTURES_URL: simulator.url,
    SLACK_AGENTS_CHANNEL: AGENTS,
    // The small way to run listens on a socket, production on HTTP.
    ...(plan.mode === "pglite" && { SLACK_APP_TOKEN: simulator.appToken }),
    DESK: "http",
    DESK_URL: deskUrl,
    DESK_SECRET: FAKE_DESK_SECRET,
    SMTP_URL: smtpUrl,
    MAIL_FROM: `support@${MAIL_DOMAIN}`,
    TRUSTED_PROXIES: "1", // each visitor comes from a network of their own
    HTTP_TIMEOUT_MS: String(HTTP_TIMEOUT_MS),
    HOST: "127.0.0.1",
    LOG_LEVEL: "info",
  };
}

/** The database's own word: a pause between two jobs of a lane is over at once, a wait that was asked for is not. */
async function unpaceLanes(db: Db): Promise<void> {
  await sql`
    create function unpace() returns trigger language plpgsql as $$ begin
      if new.next_at - deskline_now() <= interval '1.5 seconds' then new.next_at := deskline_now(); end if;
      return new;
    end $$`.execute(db);
  await sql`
    create trigger unpace before update on lane for each row
    when (new.claim is null) execute function unpace()`.execute(db);
}

/** While six worlds start at once, Slack too may be slow to say whose a token is. */
async function connectPatiently(
  db: Db,
  simulator: Parameters<typeof connectCustomers>[1],
  tries = CONNECT_TRIES,
): Promise<void> {
  try {
    await connectCustomers(db, simulator);
  } catch (error) {
    if (!(error instanceof RetryLater) || tries <= 1) throw error;
    await connectPatiently(db, simulator, tries - 1);
  }
}
