import { afterAll, beforeAll, expect, it } from "vitest";
import { textsOf } from "#text/texts.ts";
import { AGENTS } from "../support/app.ts";
import { textOf, walk } from "../support/ticket-walk.ts";
import { FILLED, startWebForm, type WebForm } from "../support/web-form.ts";

const t = textsOf("ja");

let web: WebForm;
beforeAll(async () => {
  web = await startWebForm();
});
afterAll(() => web[Symbol.asyncDispose]());

it("leads agents to the triage card of a ticket that has no thread in Slack", async () => {
  const page = await web.visit(await web.file({ ...FILLED, subject: "Webから" }));
  const number = /DL-\d+/.exec(page.body)?.[0] ?? "";
  const w = walk(web.app);
  const aki = w.as("U0AKI");
  const triage = await w.triage(number);

  const list = await w.told(aki, AGENTS, () => aki.command(AGENTS, "/tickets", "Webから"));

  expect(triage.permalink).toContain("/archives/");
  expect(JSON.stringify(list.blocks)).toContain(`"url":"${triage.permalink}"`);
  const links = await w.told(aki, AGENTS, () => aki.press(list, t.list.copyLink));
  expect(textOf(links.blocks)).toContain(`${number} Webから\n${triage.permalink}`);
}, 60_000);
