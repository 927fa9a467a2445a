import { once } from "node:events";
import { mkdir, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { saveAccount, saveAccountChannel, saveInstallation } from "#accounts/store.ts";
import type { Db } from "#db/connect.ts";
import { lockFolder } from "#db/folder-lock.ts";
import { inWords, whyNotOpen } from "#db/in-words.ts";
import { readManifest } from "#simulator/manifest.ts";
import { type Simulator, startSimulator } from "#simulator/simulator.ts";
import { tour } from "#simulator/tour.ts";
import { identifyToken } from "#slack/identify.ts";
import { type RunningApp, readAppConfig, startApp } from "./app.ts";
import { readTrialSettings, SettingsProblem } from "./config.ts";
import { endWith, runUntilStopped } from "./run-until-stopped.ts";

const PAGE_PORT = 3030;
const USAGE = "Usage: npm run try -- [--fresh] [--tour] [--port 3030]";
const OPTIONS = {
  fresh: { type: "boolean" },
  tour: { type: "boolean" },
  port: { type: "string" },
} as const;
const Port = z.coerce.number().int().min(0).max(65_535);
const MANIFEST = new URL("../manifest.yml", import.meta.url);
const POLICY = fileURLToPath(new URL("../policy.example.yaml", import.meta.url));

export type Trial = AsyncDisposable & {
  simulator: Simulator;
  app: RunningApp;
  /** Where the web form is. */
  formUrl: string;
};

type Place = { folder: string; port: number; logLevel: string };

/** Simulator, embedded database and embedded worker in one process: all that a newcomer needs. */
export async function startTrial(at: Place): Promise<Trial> {
  try {
    return await beginTrial(at);
  } catch (error) {
    throw inWords(error, { folder: at.folder });
  }
}

async function beginTrial(at: Place): Promise<Trial> {
  await mkdir(at.folder, { recursive: true, mode: 0o700 });
  await using stack = new AsyncDisposableStack();
  const simulator = stack.use(
    await startSimulator({
      manifest: await readManifest(MANIFEST),
      file: `${at.folder}/simulator.sqlite`,
      port: at.port,
      takesMail: true,
    }),
  );
  const port = await freePort(at.port === 0 ? 0 : (at.port + 1) % 65_536);
  const formUrl = `http://127.0.0.1:${port}`;
  const app = stack.use(
    await startApp(
      readAppConfig({
        SLACK_BOT_TOKEN: simulator.tokens.T0KUMO,
        SLACK_SIGNING_SECRET: simulator.signingSecret,
        SLACK_APP_TOKEN: simulator.appToken,
        SLACK_API_URL: simulator.apiUrl,
        SLACK_FILES_URL: simulator.filesUrl,
        SLACK_PICTURES_URL: simulator.url,
        SLACK_AGENTS_CHANNEL: "C0AGENTS",
        DESKLINE_CONFIG: POLICY,
        DESKLINE_DATA: at.folder,
        HOST: "127.0.0.1",
        PORT: String(port),
        PUBLIC_URL: formUrl,
        SMTP_URL: simulator.smtpUrl,
        MAIL_FROM: "support@kumo.example",
        LOG_LEVEL: at.logLevel,
      }),
    ),
  );
  await connectCustomers(app.database.db, simulator);
  const parts = stack.move();
  return {
    simulator,
    app,
    formUrl: `${formUrl}/request`,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

/** The links of the form name its port before it is listened on, and should lead there the next time, too. */
async function freePort(wanted: number): Promise<number> {
  const server = createServer().listen(wanted, "127.0.0.1");
  const isTaken = await once(server, "listening").then(
    () => false,
    () => true,
  );
  if (isTaken) return freePort(0);
  const { port } = server.address() as AddressInfo; // it listens on TCP
  server.close();
  await once(server, "close");
  return port;
}

/** What an operator does once with `deskline account set` and `deskline install`. */
export async function connectCustomers(
  db: Db,
  simulator: Pick<Simulator, "apiUrl" | "tokens">,
): Promise<void> {
  await saveAccount(db, { id: "acme", name: "Acme", plan: "paid" });
  await saveAccount(db, { id: "beta", name: "Beta", plan: "paid" });
  const acme = await identifyToken(simulator.apiUrl, simulator.tokens.T0ACME ?? "");
  await saveInstallation(db, { ...acme, accountId: "acme", isHome: false });
  await saveAccountChannel(db, "beta", { teamId: "T0KUMO", channelId: "C0EXTBETA" });
}

async function main(): Promise<void> {
  const { fresh, isTour, ...settings } = readWish();
  const place = { ...settings, folder: `${settings.folder}/trial` };
  if (fresh) await forget(place);

  if (isTour) {
    await using trial = await startTrial(place);
    process.exitCode = await tour(trial.simulator, (line) => console.log(line));
    return;
  }
  await runUntilStopped(async () => {
    const trial = await startTrial(place).catch(onTakenPort(place));
    console.log(`\nDeskline is running. Open ${trial.simulator.url}`);
    console.log(`The form for people without Slack: ${trial.formUrl}\n`);
    return trial;
  });
}

function readWish() {
  const { DESKLINE_DATA: folder, LOG_LEVEL: logLevel } = readTrialSettings();
  try {
    const { fresh = false, tour: isTour = false, port } = parseArgs({ options: OPTIONS }).values;
    const given = Port.parse(port ?? (isTour ? 0 : PAGE_PORT));
    return { folder, logLevel, fresh, isTour, port: given };
  } catch (cause) {
    throw new SettingsProblem(USAGE, { cause });
  }
}

/** Somebody else has the usual port: any free one does. */
function onTakenPort(place: Place) {
  return (error: unknown): Promise<Trial> => {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    return startTrial({ ...place, port: 0 });
  };
}

/** Only what a trial made, and only while no other process uses it. */
async function forget({ folder }: Place): Promise<void> {
  try {
    using _lock = lockFolder(`${folder}/db`);
    const names = ["db/postgres", ...["", "-wal", "-shm"].map((end) => `simulator.sqlite${end}`)];
    for (const name of names) await rm(`${folder}/${name}`, { recursive: true, force: true });
  } catch (error) {
    throw whyNotOpen(error, { folder });
  }
}

if (import.meta.main) await main().catch(endWith);
