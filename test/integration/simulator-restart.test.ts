import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { WebClient } from "@slack/web-api";
import { createTransport } from "nodemailer";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { MailView } from "#simulator/page/contract.ts";
import { startSimulator } from "#simulator/simulator.ts";
import { bareManifest, startBareApp } from "../support/bare-app.ts";

let folder: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "simulator-"));
});

afterEach(async () => {
  child?.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

it("keeps every answered call through a SIGKILL, and witnessed it", {
  timeout: 30_000,
}, async () => {
  const file = join(folder, "world.db");
  const log = join(folder, "log.jsonl");
  const { apiUrl, tokens } = await startProcess("--file", file, "--log", log, "--unpaced");
  const client = new WebClient(tokens.T0ACME, { slackApiUrl: apiUrl, retryConfig: { retries: 0 } });

  const sent: string[] = [];
  for (let n = 0; n < 20; n++) {
    const { ts } = await client.chat.postMessage({ channel: "C0ACMEHELP", text: `message ${n}` });
    sent.push(String(ts));
  }
  child?.kill("SIGKILL");
  await once(child as ChildProcess, "exit"); // started just above

  await using again = await startSimulator({ manifest: bareManifest, file });
  const kept = again.world.messages("C0ACMEHELP").map((message) => message.ts);
  const witnessed = (await readFile(log, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(kept).toEqual(sent);
  expect(
    witnessed.filter((entry) => entry.what === "call").map((entry) => entry.answer.ts),
  ).toEqual(sent);
  expect(Number((await again.as("U0TOM").send("C0ACMEHELP", "later")).ts)).toBeGreaterThan(
    Number(sent.at(-1)),
  );
});

it("brings channels, people, tokens, views and read marks back as they were", async () => {
  const options = { manifest: bareManifest, file: join(folder, "world.db") };
  const home = { type: "home" as const, blocks: [{ type: "divider" }] };
  let views: unknown;
  {
    await using first = await startSimulator(options);
    const client = new WebClient(first.tokens.T0ACME, { slackApiUrl: first.apiUrl });
    await client.views.publish({ user_id: "U0HANA", view: home });
    await first.as("U0HANA").archive("C0ACMEGEN");
    await first.as("U0HANA").inviteApp("C0ACMERANDOM");
    first.world.setAdmin("U0DANA", false);
    first.world.revokeToken("T0KUMO");
    views = first.world.views();
  }

  await using second = await startSimulator(options);

  expect(second.world.views()).toEqual(views);
  expect(second.world.channel("C0ACMEGEN").isArchived).toBe(true);
  expect(second.world.channel("C0ACMERANDOM").memberIds).toContain("U0DLACME");
  expect(second.world.person("U0DANA").isAdmin).toBe(false);
  const kumo = new WebClient(second.tokens.T0KUMO, { slackApiUrl: second.apiUrl });
  await expect(kumo.auth.test()).rejects.toMatchObject({ data: { error: "token_revoked" } });
});

it("brings the last mails back, newest first, and goes on with them", async () => {
  const options = { manifest: bareManifest, file: join(folder, "world.db"), takesMail: true };
  const subjects = Array.from({ length: 102 }, (_, n) => `mail ${n}`);
  {
    await using first = await startSimulator(options);
    await mail(first.smtpUrl, subjects.slice(0, 101));
  }
  {
    await using second = await startSimulator(options);
    expect(await mailsIn(second.url)).toEqual(subjects.slice(1, 101).reverse());
    await mail(second.smtpUrl, ["mail 101"]);
  }

  await using third = await startSimulator(options);

  expect(await mailsIn(third.url)).toEqual(subjects.slice(2).reverse());
});

it("still tells the app of what happened while neither was there", async () => {
  const options = {
    manifest: bareManifest,
    file: join(folder, "world.db"),
    eventRetries: [60_000],
  };
  {
    await using first = await startSimulator(options);
    await first.as("U0TOM").send("C0ACMEHELP", "is anyone there?");
  }
  const heard: string[] = [];

  await using bare = await startBareApp(
    "http",
    (app) => app.event("message", async ({ event }) => void heard.push(event.ts)),
    { ...options, eventRetries: [100, 100, 100] },
  );
  await expect.poll(() => heard).toHaveLength(1);

  expect(heard).toEqual(bare.simulator.world.messages("C0ACMEHELP").map((message) => message.ts));
});

async function mail(smtpUrl: string | undefined, subjects: string[]): Promise<void> {
  const transport = createTransport({ url: smtpUrl, pool: true, maxConnections: 1 });
  const [from, to] = ["desk@kumo.example", "mika@acme.example"];
  for (const subject of subjects) await transport.sendMail({ from, to, subject, text: "-" });
  transport.close();
}

/** With keys of their own, as the page needs. */
async function mailsIn(url: string): Promise<string[]> {
  const world = await fetch(`${url}/sim/world?as=U0HANA`);
  const { mails } = (await world.json()) as { mails: MailView[] };
  expect(new Set(mails.map(({ id }) => id)).size).toBe(mails.length);
  return mails.map(({ subject }) => subject);
}

async function startProcess(
  ...flags: string[]
): Promise<{ apiUrl: string; tokens: Record<string, string> }> {
  const started = spawn(process.execPath, ["src/simulator/main.ts", ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child = started;
  const [line] = await once(createInterface(started.stdout), "line");
  return JSON.parse(String(line));
}
