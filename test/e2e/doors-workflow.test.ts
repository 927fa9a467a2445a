import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HELP, startTestApp, type TestApp } from "../support/app.ts";
import { says, type Walk, walk } from "../support/ticket-walk.ts";
import { DRAFT } from "../support/tickets.ts";

const INPUTS = { ...DRAFT, requester: "U0TOM", channel: HELP };

let app: TestApp;
let w: Walk;
beforeAll(async () => {
  app = await startTestApp({ paced: false });
  w = walk(app);
});
afterAll(() => app[Symbol.asyncDispose]());

describe("the step of Workflow Builder", () => {
  it("files the ticket and goes on with its number", async () => {
    const run = await ended({ ...INPUTS, subject: "From a workflow" });

    expect(run).toMatchObject({
      state: "completed",
      outputs: { ticket_number: expect.stringMatching(/^DL-\d+$/) },
    });
    const number = String(run.outputs?.ticket_number);
    const card = await w.card(w.as("U0TOM"), HELP, number);
    expect(says(card, "From a workflow")).toBe(true);
    await w.triage(number);
  });

  it("files once and ends once, also when it is delivered twice and an answer is lost", async () => {
    app.simulator.faults.add({ kind: "redelivery", times: 1 });
    app.simulator.faults.add({
      kind: "accepted-then-dropped",
      method: "functions.completeSuccess",
      times: 1,
    });

    const run = await ended({ ...INPUTS, subject: "Only once" });

    expect(run.state).toBe("completed");
    await expect.poll(waitingEnds).toEqual([]);
    expect(await ticketsCalled("Only once")).toBe(1);
  });

  it("answers in the requester's DM without a channel, and for one that is none", async () => {
    const { channel: _, ...inputs } = INPUTS;
    const runs = [
      await ended({ ...inputs, subject: "In the DM" }),
      await ended({ ...inputs, subject: "In the DM, too", channel: "help" }),
    ];

    const tom = w.as("U0TOM");
    const dm = await w.until(() => tom.dm());
    for (const { outputs } of runs) await w.card(tom, dm, String(outputs?.ticket_number));
  });

  it.each([
    [{ subject: " " }, "subject: Give the ticket a subject."],
    [{ what: "everything" }, "what: Choose one."],
    [{ priority: "urgent" }, "why: Say why it cannot wait, and who is held up by it."],
    [{ workaround: "yes", priority: "high" }, "priority: High means that"],
    [{ requester: "U0NOBODY" }, "The requester must be a person of this workspace"],
    [{ requester: "U0DLACME" }, "The requester must be a person of this workspace"],
    [{ requester: "U0HANA", subject: "" }, "subject: 件名を入力してください。"],
  ])("fails with the sentence for %j", async (wrong, sentence) => {
    const run = await ended({ ...INPUTS, ...wrong });

    expect(run.state).toBe("failed");
    expect(run.error).toContain(sentence);
  });

  it("runs as an act of the simulator, too, which says why nothing was filed", async () => {
    const inputs = { ...INPUTS, subject: "By an act" };

    expect(await acted({ callbackId: "file_ticket", inputs })).toEqual({ ok: true });
    expect(await ticketsCalled("By an act")).toBe(1);
    const wrong = { ...inputs, priority: "urgent" };
    expect(await acted({ callbackId: "file_ticket", inputs: wrong })).toEqual({
      ok: false,
      refused: expect.stringContaining("Say why it cannot wait"),
    });
  });

  it("fails with every sentence at once, one in a line", async () => {
    const wrong = { subject: " ", what: "question", priority: "urgent", contact: "U0GUS" };

    const { error } = await ended({ ...INPUTS, ...wrong });

    for (const field of ["subject", "priority", "why", "contact"])
      expect(error).toMatch(new RegExp(`^${field}: .+`, "m"));
  });

  it("leaves the steps of others alone", async () => {
    const run = app.simulator.world.runStep("T0ACME", "another_step", INPUTS);
    await ended(INPUTS);

    expect(app.simulator.world.stepRun(run.id).state).toBe("running");
  });
});

async function acted(step: { callbackId: string; inputs: object }): Promise<unknown> {
  const response = await fetch(`${app.simulator.url}/sim/act`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ as: "U0TOM", do: "run-step", ...step }),
  });
  return response.json();
}

async function ended(inputs: Record<string, unknown>) {
  const { world } = app.simulator;
  const { id } = world.runStep("T0ACME", "file_ticket", inputs);
  await w.until(() => world.stepRun(id).state !== "running");
  return world.stepRun(id);
}

async function ticketsCalled(subject: string): Promise<number> {
  const rows = await app.db
    .selectFrom("ticket")
    .select("id")
    .where("subject", "=", subject)
    .execute();
  return rows.length;
}

async function waitingEnds(): Promise<unknown[]> {
  return app.db
    .selectFrom("job")
    .select("id")
    .where("name", "=", "ticket.end-step")
    .where("done_at", "is", null)
    .execute();
}
