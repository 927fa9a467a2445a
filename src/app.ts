import type { Logger } from "pino";
import { accessJobs } from "#access/jobs.ts";
import { registerAccess } from "#access/slack.ts";
import { saveHomeWorkspace } from "#accounts/home-workspace.ts";
import { createInstallations } from "#accounts/installations.ts";
import { openPolicy, type PolicyNow } from "#accounts/policy-source.ts";
import { accountsResource } from "#accounts/rest.ts";
import { registerInstallations } from "#accounts/slack.ts";
import { findKnownPeople, rememberPerson, saveUnverifiedAccount } from "#accounts/store.ts";
import type { Database, Db } from "#db/connect.ts";
import { startHousekeeping } from "#db/housekeeping.ts";
import { createNotices } from "#db/notices.ts";
import { openDatabase } from "#db/open.ts";
import { createTrouble } from "#db/trouble.ts";
import { withBreaker } from "#desk/breaker.ts";
import { counted } from "#desk/counted.ts";
import type { Desk } from "#desk/desk.ts";
import { type DeskSettings, deskSettings, openDesk } from "#desk/desks.ts";
import { homeJobs } from "#home/jobs.ts";
import { registerHome } from "#home/slack.ts";
import type { Handlers } from "#jobs/handlers.ts";
import { leaseFor } from "#jobs/queue.ts";
import type { WorkerContext } from "#jobs/run.ts";
import { startEmbeddedWorker, type Worker } from "#jobs/worker-embedded.ts";
import { createMailer } from "#mail/mailer.ts";
import { createBolt } from "#slack/bolt.ts";
import { createChannels } from "#slack/channels.ts";
import { createCallSlack } from "#slack/clients.ts";
import { createFiles } from "#slack/files.ts";
import { createGrants } from "#slack/grants.ts";
import { createMessenger } from "#slack/messenger.ts";
import { createPeople, type KnownPerson } from "#slack/people.ts";
import { openDoor } from "#slack/replies.ts";
import { registerAgentsChannel } from "#tickets/agents-channel.ts";
import { registerClosedChannels } from "#tickets/closed-channel.ts";
import { startDepartedWatch } from "#tickets/departed.ts";
import { applyDeskDelivery } from "#tickets/from-desk.ts";
import { startHearing } from "#tickets/hearing.ts";
import { type TicketNeeds, ticketJobs } from "#tickets/jobs.ts";
import { registerTickets } from "#tickets/slack.ts";
import { startWaitingWatch } from "#tickets/waiting-watch.ts";
import { createWebContacts } from "#tickets/web-contacts.ts";
import { createWebFacts } from "#tickets/web-facts.ts";
import { createWebFiles, type WebFiles } from "#tickets/web-files.ts";
import { createWebLinks, deriveKey } from "#tickets/web-links.ts";
import { createWebPages } from "#tickets/web-page.ts";
import { createWebRequests } from "#tickets/web-requests.ts";
import { createWebVotes } from "#tickets/web-votes.ts";
import { type OpenForm, openRequestForm } from "#web/request-open.ts";
import { createRest } from "#web/rest.ts";
import { createScrape } from "#web/scrape.ts";
import { startWebServer } from "#web/server.ts";
import { type Config, readConfig } from "./config.ts";
import { createLog } from "./log.ts";
import { createMetrics } from "./metrics.ts";

export type RunningApp = AsyncDisposable & { port: number; database: Database };

/** Every setting, those of the chosen desk included; all that is wrong is said at once. */
export function readAppConfig(env?: NodeJS.ProcessEnv): Config<DeskSettings> {
  return readConfig(deskSettings, env);
}

/** Joins the parts. `overrides` are for tests: the same app with another desk or a quiet log. */
export async function startApp(
  config: Config<DeskSettings>,
  overrides: { desk?: Desk; log?: Logger } = {},
): Promise<RunningApp> {
  const log = overrides.log ?? createLog(config.LOG_LEVEL);
  const metrics = createMetrics();
  await using stack = new AsyncDisposableStack();
  let hasRun = false;
  stack.defer(() => {
    if (hasRun) log.info("Deskline has stopped");
  });
  const database = stack.use(
    await openDatabase(
      config.DATABASE_URL ? { url: config.DATABASE_URL } : { folder: `${config.DESKLINE_DATA}/db` },
      { onApplied: (migration) => log.info({ migration }, "the database was brought up to date") },
    ),
  );
  const { db } = database;
  const giveUp = () => process.exit(1);
  database.whenBroken((err) => {
    log.fatal({ err }, "the embedded database broke down: this process ends");
    giveUp();
  });

  const apiUrl = config.SLACK_API_URL;
  const agentsChannel = {
    teamId: await saveHomeWorkspace(db, {
      apiUrl,
      botToken: config.SLACK_BOT_TOKEN,
      agentsWorkspace: config.SLACK_AGENTS_WORKSPACE,
    }),
    channelId: config.SLACK_AGENTS_CHANNEL,
  };
  const notices = createNotices(db, log);
  const policy = stack.use(await openPolicy(config.DESKLINE_CONFIG, { db, notices, log }));
  const installations = createInstallations(db, notices);
  const grants = createGrants();
  const callSlack = createCallSlack({
    apiUrl,
    grants,
    findInstallation: installations.find,
    timeoutMs: config.HTTP_TIMEOUT_MS,
    metrics,
    onTokenEnded: (teamId, botToken) => {
      installations
        .endToken(teamId, botToken)
        .catch((err) => log.error({ err }, "a notice was not saved"));
    },
  });
  const memory = {
    known: await findKnownPeople(db),
    remember: (person: KnownPerson) => rememberPerson(db, person),
  };
  const people = createPeople(callSlack, memory, config.SLACK_PICTURES_URL);
  const messenger = createMessenger(db, callSlack, grants);
  const channels = createChannels(callSlack);
  const files = createFiles({
    db,
    callSlack,
    findInstallation: installations.find,
    filesUrl: config.SLACK_FILES_URL,
    timeoutMs: config.HTTP_TIMEOUT_MS,
  });
  const opened =
    overrides.desk ?? (await openDesk(config.desk, { db, timeoutMs: config.HTTP_TIMEOUT_MS }));
  const desk = withBreaker(counted(opened, metrics), { log, metrics });
  const webFiles = createWebFiles({ db, desk, files, agentsChannel, log });
  const ways = { db, policy: policy.now, files: webFiles, log };
  const { form, ...byMail } = openWebWays(config, ways);
  const needs = {
    db,
    desk,
    messenger,
    channels,
    files,
    people,
    agentsChannel,
    notices,
    policy: policy.now,
    log,
    findInstallation: installations.find,
    ...byMail,
  };

  const doors = stack.use(stopTogether());
  let worker: Worker | undefined;
  if (config.DESKLINE_ROLE !== "web") {
    stack.use(startHousekeeping({ db, log, metrics }));
    stack.use(startWaitingWatch(needs));
    stack.use(startDepartedWatch(needs));
    const handlers: Handlers = { ...ticketJobs(needs), ...accessJobs(needs), ...homeJobs(needs) };
    worker = doors.use(
      await startWorker(config, database, {
        db,
        handlers,
        log,
        metrics,
        leaseMs: leaseFor(config.HTTP_TIMEOUT_MS),
        giveUp,
      }),
    );
  }
  const answersSlack = config.DESKLINE_ROLE !== "worker";
  const bolt = createBolt(
    { apiUrl, signingSecret: config.SLACK_SIGNING_SECRET, appToken: config.SLACK_APP_TOKEN },
    { findInstallation: installations.find, log, metrics },
  );
  const door = openDoor({ bolt, callSlack, people, apiUrl, log, metrics });
  registerTickets(door, needs);
  registerAgentsChannel(door, needs);
  registerClosedChannels(door, needs);
  registerAccess(door, needs);
  registerHome(door, needs);
  registerInstallations(door, callSlack);

  const { HOST: host, PORT, METRICS_PORT, DESKLINE_API_KEYS: keys } = config;
  const trouble = createTrouble(db);
  // Tickets are taken without Redis: only a process that does nothing else waits for it.
  const outage = () => (answersSlack ? undefined : worker?.outage());
  const notReady = async () => (await trouble()) ?? outage();
  const about = { role: config.DESKLINE_ROLE, desk: desk.name };
  const scrape = createScrape({ db, notReady }, metrics, about);
  const health = { notReady, log };
  const isApart = METRICS_PORT !== undefined;
  if (isApart) stack.use(await startWebServer({ port: METRICS_PORT, host }, { ...health, scrape }));
  const visit = await openVisits(config, form);
  const receive = answersSlack ? desk.receive?.bind(desk) : undefined;
  const web = doors.use(
    await startWebServer(
      { port: PORT, host },
      {
        ...health,
        slack: answersSlack ? bolt.takeRequest : undefined,
        desk: receive && ((delivery) => applyDeskDelivery(db, receive(delivery))),
        rest:
          keys && answersSlack ? createRest(keys, { accounts: accountsResource(db) }) : undefined,
        visit,
        scrape: isApart ? undefined : scrape,
      },
    ),
  );
  if (answersSlack) {
    await bolt.start();
    doors.use({ [Symbol.asyncDispose]: () => bolt.stop() });
    stack.use(startHearing({ db, log }, bolt.isHearing));
  }
  log.info({ port: web.port, role: config.DESKLINE_ROLE, desk: desk.name }, "Deskline is running");
  hasRun = true;
  const parts = stack.move();
  return { port: web.port, database, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

/** Only the processes that answer Slack are reached from outside. */
async function openVisits({ DESKLINE_ROLE, TRUSTED_PROXIES: proxies }: Config, form?: OpenForm) {
  if (DESKLINE_ROLE === "worker") return undefined;
  return { take: await openRequestForm(form), proxies };
}

type WebWays = Pick<TicketNeeds, "links" | "mailer"> & { form?: OpenForm };

/** The web form, the links of its pages, and mail for its visitors; nothing where the form is off. */
function openWebWays(
  config: Config,
  { files, ...needs }: { db: Db; policy: PolicyNow; files: WebFiles; log: Logger },
): WebWays {
  const { SMTP_URL: url, MAIL_FROM: from, PUBLIC_URL: publicUrl } = config;
  if (!url || !from || !publicUrl) return {};
  const { db, policy } = needs;
  const { SLACK_SIGNING_SECRET: secret, HTTP_TIMEOUT_MS: timeoutMs } = config;
  const links = createWebLinks(publicUrl, secret);
  const openUnverifiedAccount = () => saveUnverifiedAccount(db, policy().default_plan);
  const requests = createWebRequests({ db, links, policy, openUnverifiedAccount });
  const pages = createWebPages({ db, files, links });
  const contacts = createWebContacts({ db, policy });
  const facts = createWebFacts({ db, policy });
  const keyFor = (purpose: string) => deriveKey(secret, purpose);
  const votes = createWebVotes(db, policy, keyFor("votes"));
  return {
    links,
    mailer: createMailer(db, { url, from, timeoutMs }),
    form: { ...needs, requests, pages, contacts, facts, votes, publicUrl, keyFor },
  };
}

/** What takes work stops at the same time: whatever keeps one of them waiting, the worker hands back in time. */
function stopTogether() {
  const parts: AsyncDisposable[] = [];
  return {
    use<T extends AsyncDisposable>(part: T): T {
      parts.push(part);
      return part;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      const stops = await Promise.allSettled(parts.map((part) => part[Symbol.asyncDispose]()));
      for (const stop of stops) if (stop.status === "rejected") throw stop.reason;
    },
  };
}

async function startWorker(config: Config, database: Database, context: WorkerContext) {
  if (!config.REDIS_URL) return startEmbeddedWorker(database, context);
  // Loaded only where it is used: the web process never opens Redis.
  const { startBullmqWorker } = await import("#jobs/worker-bullmq.ts");
  return startBullmqWorker(database, config.REDIS_URL, context);
}
