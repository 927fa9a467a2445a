import { randomUUID } from "node:crypto";
import { afterEach, expect, it } from "vitest";
import { type Manifest, readManifest } from "#simulator/manifest.ts";
import { takeStep } from "#tickets/step.ts";
import { HELP } from "../support/app.ts";
import { openTicketWorker, type TicketWorker } from "../support/ticket-worker.ts";
import { fileTicket } from "../support/tickets.ts";

const SCOPE = "chat:write.customize";

let worker: TicketWorker;
afterEach(() => worker[Symbol.asyncDispose]());

it("posts once more without a name, in the same job, when Slack refuses it, and does not ask again", async () => {
  await openWithout();
  const ticket = await fileTicket(worker.db, { teamId: "T0ACME", channelId: HELP });

  for (const body of ["first", "second"]) {
    await reply(ticket, body);
    await worker.runAll();
  }

  expect(thread()).toMatchObject([
    { text: expect.stringMatching(/Aki.*\n.*first/) },
    { text: expect.stringMatching(/Aki.*\n.*second/) },
  ]);
  expect(thread().flatMap(({ username }) => username ?? [])).toEqual([]);
  expect(tries()).toEqual(["missing_scope", "ok", "ok"]);
  expect(await notices()).toEqual(["names-not-allowed:T0ACME"]);
});

it("names the agent in the words as long as nobody knows whether Slack shows the name", async () => {
  await openWithout({ ignoresLooks: true });
  const ticket = await fileTicket(worker.db, { teamId: "T0ACME", channelId: HELP });

  await reply(ticket, "first");
  await worker.runAll();

  expect(thread()).toMatchObject([{ text: expect.stringMatching(/Aki.*\n.*first/) }]);
  expect(await notices()).toEqual([]);
});

it("is found by its mark, in the name of an agent too", async () => {
  const manifest = await readManifest(new URL("../../manifest.yml", import.meta.url));
  worker = await openTicketWorker({ simulator: { manifest } });
  const ticket = await fileTicket(worker.db, { teamId: "T0ACME", channelId: HELP });
  await worker.runAll();
  const method = "chat.postMessage";
  worker.simulator.faults.add({ kind: "accepted-then-dropped", method, times: 1 });

  await reply(ticket, "once");
  await worker.runAll();

  expect(thread()).toMatchObject([{ username: expect.stringContaining("Aki") }]);
});

async function openWithout(how: { ignoresLooks?: boolean } = {}): Promise<void> {
  const manifest: Manifest = await readManifest(new URL("../../manifest.yml", import.meta.url));
  const scopes = manifest.scopes.filter((scope) => scope !== SCOPE);
  worker = await openTicketWorker({ simulator: { manifest: { ...manifest, scopes }, ...how } });
}

async function reply(ref: { accountId: string; ticketId: string }, body: string): Promise<void> {
  await takeStep(worker.db, ref, {
    step: "reply",
    by: { kind: "agent", userId: "U0AKI", name: "Aki" },
    body,
    delivery: { source: "slack.view", key: randomUUID() },
  });
}

function thread() {
  return worker.simulator.world.messages(HELP).filter(({ threadTs }) => threadTs);
}

/** What came of each try to post into a thread. */
function tries(): string[] {
  return worker.simulator
    .calls()
    .filter(({ method, args }) => method === "chat.postMessage" && args.channel === HELP)
    .filter(({ args }) => args.thread_ts)
    .map(({ ok, error }) => (ok ? "ok" : (error ?? "")));
}

async function notices(): Promise<string[]> {
  const open = worker.db
    .selectFrom("operator_notice")
    .select("key")
    .where("cleared_at", "is", null);
  return (await open.execute()).map(({ key }) => key);
}
