import { describe, expect, it } from "vitest";
import { METHODS } from "#simulator/methods.ts";
import { sayToCustomer } from "#simulator/say-to-customer.ts";
import { AGENTS, HELP, RANDOM, startTestApp, type TestApp } from "../support/app.ts";
import { DRAFT } from "../support/tickets.ts";
import { usesOfCode } from "./slack/uses-of-code.ts";

const WAIT_MS = 20_000;
/** What Slack answers to a call that was written wrongly. */
const WRONGLY_CALLED = ["unknown_method", "invalid_arguments", "missing_scope", "invalid_blocks"];

describe("the Web API methods that the code calls", async () => {
  const { methods } = await usesOfCode();

  it("are found", () => {
    expect(methods.length).toBeGreaterThan(9);
    expect(methods).toEqual(expect.arrayContaining(["chat.postMessage", "views.open"]));
  });

  it.each(methods)("%s is one the simulator has", (method) => {
    expect(Object.keys(METHODS)).toContain(method);
  });

  it("are all called in the course of a day, in a way that Slack takes", async () => {
    await using app = await startTestApp({ mode: "http", paced: false });
    await liveADay(app);

    const calls = app.simulator.calls();
    const taken = new Set(calls.filter(({ ok }) => ok).map(({ method }) => method));
    expect(methods.filter((method) => !taken.has(method))).toEqual([]);
    expect(calls.filter(({ error }) => WRONGLY_CALLED.includes(error ?? ""))).toEqual([]);
  }, 60_000);
});

/**
 * A ticket with a file from a channel and one from where the app is not, an agent's answer, a Home tab, two failed
 * posts, and a message with a file that is taken back.
 */
async function liveADay(app: TestApp): Promise<void> {
  const { simulator } = app;
  const hana = simulator.as("U0HANA");
  const tom = simulator.as("U0TOM");
  const aki = simulator.as("U0AKI");
  const until = <T>(probe: () => T | undefined | false) => simulator.until(probe, WAIT_MS);
  // Whether the message stands after all is looked up before it is posted again.
  const failOnce = () =>
    simulator.faults.add({ kind: "500", method: "chat.postMessage", times: 1 });

  await tom.openHome();
  await until(() => tom.home());
  await tom.command(HELP, "/tickets");
  failOnce();
  await submit(app, HELP);
  await until(() => hana.messages(HELP)[0]);
  await submit(app, RANDOM);
  const triage = await until(() => aki.messages(AGENTS)[0]);
  await idle(app);
  const log = hana.chooseFile({ name: "503.log", bytes: Buffer.from("503") });
  const said = await hana.send(HELP, "It says 503.", hana.messages(HELP)[0]?.ts, [log]);
  await aki.press({ ts: triage.ts }, "ticket.take");
  await idle(app);
  await hana.delete(HELP, said.ts);

  const answering = await aki.pressForModal({ ts: triage.ts }, "ticket.reply");
  failOnce();
  await sayToCustomer(aki, answering, { body: "Try it again." });
  await idle(app);
  for (const requester of ["U0HANA", "U0NOBODY"]) {
    const { id } = simulator.world.runStep("T0ACME", "file_ticket", { ...DRAFT, requester });
    await until(() => simulator.world.stepRun(id).state !== "running");
  }
  await idle(app);
  expect(hana.dm()).toBeDefined();
}

async function submit(app: TestApp, channel: string): Promise<void> {
  const hana = app.simulator.as("U0HANA");
  await hana.command(channel, "/ticket", "VPN");
  const inJapanese = () => hana.modals().find(({ title }) => title.includes("お問い"));
  const { modal } = await hana.submit(await app.simulator.until(inJapanese, WAIT_MS), {
    description: "503",
    what: "question",
    who: "some",
    workaround: "none",
    priority: "low",
    files: [hana.chooseFile({ name: "build.log", bytes: Buffer.from("503") })],
  });
  await hana.close(modal);
}

async function idle({ db }: TestApp): Promise<void> {
  await expect
    .poll(() => db.selectFrom("job").select("name").where("done_at", "is", null).execute(), {
      timeout: WAIT_MS,
    })
    .toEqual([]);
}
