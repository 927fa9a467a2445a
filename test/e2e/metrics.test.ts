import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { jobSchemas } from "#jobs/catalogue.ts";
import methodList from "../contract/slack/methods.json" with { type: "json" };
import { HELP, startTestApp, type TestApp } from "../support/app.ts";
import { createDeskBook } from "../support/desk-book.ts";
import { openGate } from "../support/gate.ts";
import { memoryDesk } from "../support/memory-desk.ts";
import { type Labels, type Page, readMetrics } from "../support/metrics.ts";
import { startSecondApp } from "../support/second-app.ts";
import { command, interaction, send, signed } from "../support/slack-requests.ts";
import { walk } from "../support/ticket-walk.ts";

const METHODS = new Set([...Object.keys(methodList.methods), "response_url"]);
const CANARY = "canary-5d1e";
const SECRETS = /xoxb-|xapp-|whsec_|sim-signing/;

it("counts a ticket on its way from the form to the cards", async () => {
  await using app = await startTestApp({ mode: "http", desk: memoryDesk(createDeskBook()) });
  const w = walk(app);

  await w.filed();

  await shows(app, [
    ["deskline_acks_total", { kind: "command", outcome: "ok" }, 1],
    ["deskline_acks_total", { kind: "view", outcome: "ok" }, 1],
    ["deskline_ack_seconds_count", { kind: "view" }, 1],
    ["deskline_slack_calls_total", { method: "views.open", outcome: "ok" }, 1],
    ["deskline_slack_calls_total", { method: "chat.postMessage", outcome: "ok" }, 2],
    ["deskline_slack_call_seconds_count", { method: "chat.postMessage" }, 2],
    ["deskline_desk_calls_total", { operation: "create", outcome: "ok" }, 1],
    ["deskline_desk_call_seconds_count", { operation: "create" }, 1],
    ["deskline_jobs_total", { job: "ticket.file", outcome: "done" }, 1],
    ["deskline_jobs_total", { job: "ticket.post-card", outcome: "done" }, 1],
    ["deskline_job_seconds_count", { job: "ticket.post-triage-card" }, 1],
    ["deskline_job_age_seconds_count", { job: "ticket.post-card" }, 1],
    ["deskline_database_up", {}, 1],
    ["deskline_ready", {}, 1],
    ["deskline_queue_unclaimed_seconds", {}, 0],
    ["deskline_build_info", { role: "all", desk: "memory" }, 1],
  ]);
  const page = await readMetrics(app.app);
  expect(page.value("deskline_lane_wait_seconds_count", { lane: "channel" })).toBeGreaterThan(1);
  expect(valuesOf(page, "job").filter((name) => !Object.hasOwn(jobSchemas, name))).toEqual([]);
  expect(valuesOf(page, "method").filter((name) => !METHODS.has(name))).toEqual([]);
  expect(page.value("process_resident_memory_bytes")).toBeGreaterThan(1e6);
  expect(page.value("nodejs_eventloop_lag_p99_seconds")).toBeDefined();
});

it("counts what cannot be answered well", async () => {
  await using app = await startTestApp({ mode: "http" });
  const press = { type: "block_actions", user: { id: "U0TOM" }, trigger_id: "t1" };
  const unheard = interaction({
    ...press,
    actions: [{ action_id: CANARY }],
    team: { id: "T0ACME" },
  });
  const list = command(app, { trigger_id: "t2" });

  await send(app, signed(app, list, { secret: "not-the-secret" }));
  await send(app, signed(app, interaction({ type: CANARY })));
  await send(app, signed(app, unheard));
  await send(app, signed(app, list));
  await send(app, signed(app, list));
  await send(app, signed(app, command(app, { team_id: "T0NOBODY" })));

  await shows(app, [
    ["deskline_acks_total", { kind: "other", outcome: "unsigned" }, 1],
    ["deskline_acks_total", { kind: "other", outcome: "unreadable" }, 1],
    ["deskline_acks_total", { kind: "press", outcome: "unheard" }, 1],
    ["deskline_acks_total", { kind: "command", outcome: "repeated" }, 1],
    ["deskline_refusals_total", { problem: "workspace-unknown" }, 1],
    ["deskline_refusals_total", { problem: "unexpected" }, 0],
  ]);
});

it("counts what a desk and a Slack in trouble answer", async () => {
  const book = createDeskBook();
  book.faults.push("busy", "refuse");
  await using app = await startTestApp({ desk: memoryDesk(book), paced: false });
  const w = walk(app);
  app.simulator.faults.add({ kind: "429", method: "chat.postMessage", times: 1, retryAfter: 1 });

  await w.file(w.as("U0HANA"), HELP, "断られる");

  await shows(app, [
    ["deskline_desk_calls_total", { operation: "create", outcome: "later" }, 1],
    ["deskline_desk_calls_total", { operation: "create", outcome: "refused" }, 1],
    ["deskline_jobs_total", { job: "ticket.file", outcome: "later" }, 1],
    ["deskline_jobs_total", { job: "ticket.file", outcome: "given-up" }, 1],
    ["deskline_slack_calls_total", { method: "chat.postMessage", outcome: "limited" }, 1],
    ["deskline_queue_jobs", { lane: "none", state: "dead" }, 1],
  ]);
});

it("says whether the link of Socket Mode stands", async () => {
  await using app = await startTestApp({ mode: "socket" });
  const link: Labels = { to: "slack" };
  await shows(app, [["deskline_link_up", link, 1]]);

  const outage = app.simulator.faults.add({ kind: "outage" });
  await shows(app, [["deskline_link_up", link, 0]]);
  app.simulator.faults.end(outage);

  await shows(app, [["deskline_link_up", link, 1]]);
});

it("shows each app its own numbers", async () => {
  await using first = await startTestApp({ mode: "http" });
  await using second = await startSecondApp(first);

  await send(first, signed(first, command(first)));

  const answered = { kind: "command", outcome: "ok" };
  expect((await readMetrics(first.app)).value("deskline_acks_total", answered)).toBe(1);
  expect((await readMetrics(second)).value("deskline_acks_total", answered)).toBe(0);
});

it("answers quickly without a database, and leaves out what only that knows", async () => {
  const gates = new AsyncDisposableStack();
  await using _gates = gates;
  let gate: Awaited<ReturnType<typeof openGate>> | undefined;
  await using app = await startTestApp({
    async env({ databaseUrl }) {
      const url = new URL(databaseUrl);
      gate = gates.use(await openGate(Number(url.port)));
      url.port = String(gate.port);
      return { DATABASE_URL: url.href };
    },
  });
  const port = Number(new URL(app.url).port);
  expect((await readMetrics({ port })).value("deskline_queue_unclaimed_seconds")).toBe(0);
  await sleep(1100); // what was seen a second ago is still shown

  gate?.silence();
  const askedAt = performance.now();
  const page = await readMetrics({ port });

  expect(performance.now() - askedAt).toBeLessThan(4500);
  expect(page.value("deskline_database_up")).toBe(0);
  expect(page.value("deskline_ready")).toBe(0);
  expect(page.value("deskline_queue_unclaimed_seconds")).toBeUndefined();
  expect(page.series.filter(({ name }) => /^deskline_(queue|operator)/.test(name))).toEqual([]);
  expect(page.value("process_resident_memory_bytes")).toBeGreaterThan(0);
  await expect
    .poll(async () => (await readMetrics({ port })).value("deskline_database_up"), {
      timeout: 15_000,
      interval: 500,
    })
    .toBe(1);
});

it("is served on a port of its own when it has one, and there alone", async () => {
  const port = await freePort();
  await using app = await startTestApp({ env: { METRICS_PORT: String(port) } });

  const page = await readMetrics({ port });
  const statusAt = async (path: string) => (await fetch(new URL(path, app.url))).status;

  expect(page.value("deskline_database_up")).toBe(1);
  expect(await statusAt("/metrics")).toBe(404);
  expect(await statusAt("/livez")).toBe(200);
});

it("holds nothing that people typed, no secret and no name of theirs", async () => {
  const book = createDeskBook();
  book.faults.push("refuse");
  await using app = await startTestApp({ mode: "http", desk: memoryDesk(book), paced: false });
  const w = walk(app);

  await w.file(w.as("U0HANA"), HELP, `${CANARY} ${app.simulator.tokens.T0ACME}`);
  await send(app, signed(app, command(app, { command: `/${CANARY}`, text: CANARY })));
  await send(app, signed(app, interaction({ type: CANARY, user: { id: CANARY } })));
  await send(app, signed(app, interaction(`{"${CANARY}` as never)));
  await fetch(new URL(`/${CANARY}?${CANARY}`, app.url), { method: "POST", body: CANARY });
  await shows(app, [["deskline_jobs_total", { job: "ticket.file", outcome: "given-up" }, 1]]);

  const { text } = await readMetrics(app.app);
  for (const written of [text, JSON.stringify(app.logged)]) {
    expect(written).not.toContain(CANARY);
    expect(written).not.toMatch(SECRETS);
  }
  expect(text).not.toMatch(/[TUC]0[A-Z]+|DL-\d+|hana|acme/i);
});

async function shows(app: TestApp, wanted: [string, Labels, number][]): Promise<void> {
  const seen = (page: Page) =>
    wanted.map(([name, labels]) => [name, labels, page.value(name, labels)]);
  await expect
    .poll(async () => seen(await readMetrics(app.app)), { timeout: 15_000, interval: 300 })
    .toEqual(wanted);
}

function valuesOf({ series }: Page, label: string): string[] {
  return [...new Set(series.flatMap(({ labels }) => labels[label] ?? []))];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || !address) throw new Error("There is no free port.");
  return address.port;
}
