import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";
import { says, textOf, type Walk, walk } from "../support/ticket-walk.ts";
import { FACTS } from "./slack-trouble.ts";

let app: TestApp;
let w: Walk;
beforeAll(async () => {
  app = await startTestApp({ paced: false });
  w = walk(app);
});
afterAll(() => app[Symbol.asyncDispose]());

it("opens the form from anywhere, and answers in the person's DM", async () => {
  const tom = w.as("U0TOM");

  const form = await tom.shortcut("ticket.open-new");
  const { modal } = await tom.submit(form, { ...FACTS, subject: "From the shortcut" });

  expect(textOf(modal?.blocks)).toContain("Look for it in your messages with this app.");
  const dm = await w.until(() => tom.dm());
  await w.until(() => tom.messages(dm).find((each) => says(each, "From the shortcut")));
});

it("tells the person in their DM when the form cannot be opened", async () => {
  const dana = w.as("U0DANA");
  app.simulator.faults.add({ kind: "500", method: "views.open", times: 1 });

  await dana.shortcut("ticket.open-new").catch(() => {});

  const dm = await w.until(() => dana.dm());
  await w.until(() => dana.messages(dm).find((each) => says(each, "Slack did not answer.")));
});
