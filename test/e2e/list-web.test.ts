import { afterAll, beforeAll, expect, it } from "vitest";
import { textsOf } from "#text/texts.ts";
import { AGENTS } from "../support/app.ts";
import { textOf, walk } from "../support/ticket-walk.ts";
import { FILLED, startWebForm, untilTrue, type WebForm } from "../support/web-form.ts";
import { pathIn } from "../support/web-page.ts";

const t = textsOf("ja");

let web: WebForm;
beforeAll(async () => {
  web = await startWebForm();
});
afterAll(() => web[Symbol.asyncDispose]());

it("leads agents to the triage card of a ticket that has no thread in Slack", async () => {
  const number = await filed("Webから");
  const w = walk(web.app);
  const aki = w.as("U0AKI");
  const triage = await w.triage(number);

  const list = await w.told(aki, AGENTS, () => aki.command(AGENTS, "/tickets", "Webから"));

  expect(triage.permalink).toContain("/archives/");
  expect(JSON.stringify(list.blocks)).toContain(`"url":"${triage.permalink}"`);
  const links = await w.told(aki, AGENTS, () => aki.press(list, t.list.copyLink));
  expect(textOf(links.blocks)).toContain(`${number} Webから\n${triage.permalink}`);
}, 60_000);

async function filed(subject: string): Promise<string> {
  await web.send({ ...FILLED, subject });
  const sent = () => web.mail.mails.find((mail) => mail.subject === t.mail.verify.subject);
  await untilTrue(sent);
  const confirmed = await web.post(pathIn(sent()?.text ?? ""));
  const page = await web.visit(pathIn(confirmed.headers.get("location") ?? ""));
  return /DL-\d+/.exec(page.body)?.[0] ?? "";
}
