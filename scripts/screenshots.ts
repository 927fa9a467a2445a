import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import type { MessageView } from "#simulator/page/contract.ts";
import { sayToCustomer } from "#simulator/say-to-customer.ts";
import type { Simulator } from "#simulator/simulator.ts";
import { textsOf } from "#text/texts.ts";
import { startTrial } from "../src/try.ts";
import { launchChromium } from "../test/support/chromium.ts";
import { type Story, stories } from "./screenshot-stories.ts";

const IMAGES = fileURLToPath(new URL("../docs/images/", import.meta.url));
const HELP = "C0ACMEHELP";
const AGENTS = "C0AGENTS";
const WIDTH = 1280;
const HEIGHT = 960;
const FORM_HEIGHT = 1900; // all of the form, down to the priority rules
const LAST_OF_THREAD = 6; // the card in the channel, and in its thread with five replies
const WAIT_MS = 15_000;
const READING_MS = 100; // two messages of one millisecond would show one moment

/** The pictures must not change with the hour: the first moment a page shows is 10:04, each further one 3 minutes later. */
const FIXED_CLOCK = `{
  const moments = [];
  Date.prototype.toLocaleTimeString = function () {
    if (!moments.includes(+this)) moments.push(+this);
    return "10:" + String(4 + 3 * moments.indexOf(+this)).padStart(2, "0");
  };
}`;

type Camera = {
  open(hash: string, height?: number): Promise<Page>;
  /** Photographs the page, and closes it. */
  shoot(page: Page, name: string): Promise<void>;
};

/** Plays one conversation in each language against a fresh trial, and photographs what people see of it. */
await mkdir(IMAGES, { recursive: true });
await using browser = await launchChromium();
for (const story of stories) await photograph(story, browser);

async function photograph(story: Story, browser: Browser): Promise<void> {
  await using folder = await temporaryFolder();
  await using trial = await startTrial({ folder: folder.path, port: 0, logLevel: "warn" });
  const { simulator } = trial;
  const { open, shoot } = cameraFor(story, simulator, browser);

  const form = await open(`as=${story.requester}&in=${HELP}`, FORM_HEIGHT);
  await askTooMuch(form, story);
  await shoot(form, "form");

  const { card, triage } = await converse(story, simulator);
  const agents = await open(`as=${story.agent}&in=${AGENTS}&thread=${triage}`);
  await agents.getByText(story.thanks).waitFor();
  await shoot(agents, "triage");

  await solve(story, simulator, triage);
  const thread = await open(`as=${story.requester}&in=${HELP}&thread=${card}`);
  await thread.getByRole("article").nth(LAST_OF_THREAD).waitFor();
  await shoot(thread, "thread");

  simulator.faults.add({ kind: "429", method: "chat.postMessage", times: 3, retryAfter: 5 });
  const faults = await open(`as=${story.requester}&in=${HELP}`);
  await faults.getByRole("banner").getByRole("button").last().click();
  await faults.getByRole("dialog").getByRole("listitem").waitFor();
  await shoot(faults, "faults");
}

function cameraFor(story: Story, simulator: Simulator, browser: Browser): Camera {
  return {
    async open(hash, height = HEIGHT) {
      const viewport = { width: WIDTH, height };
      const context = await browser.newContext({ viewport, timezoneId: "Asia/Tokyo" });
      await context.addInitScript(`localStorage.setItem("deskline-simulator-hint-seen", "yes")`);
      await context.addInitScript(FIXED_CLOCK);
      const page = await context.newPage();
      await page.goto(`${simulator.url}/#lang=${story.language}&${hash}`);
      await page.getByRole("log").first().waitFor();
      return page;
    },
    async shoot(page, name) {
      const path = `${IMAGES}${name}.${story.language}.png`;
      await page.screenshot({ path, animations: "disabled", caret: "hide" });
      await page.context().close();
    },
  };
}

/** Types /ticket, fills the form, and asks for more than the facts support: the form says why not. */
async function askTooMuch(
  page: Page,
  { language, subject, description, why }: Story,
): Promise<void> {
  const t = textsOf(language);
  const composer = page.getByRole("main").getByRole("textbox").first();
  await composer.fill(`/ticket ${subject}`);
  await composer.press("Enter");
  const form = page.getByRole("dialog", { name: t.newTicket.title });
  await form.getByLabel(t.labels.topic).selectOption({ index: 3 });
  await form.getByLabel(t.labels.description).fill(description);
  await form.getByLabel(t.labels.what).selectOption(t.what["essential-function"]);
  await form.getByLabel(t.who.many).check();
  await form.getByLabel(t.workaround.none, { exact: true }).check();
  await form.getByLabel(t.labels.priority).selectOption(t.priorities.urgent);
  await form.getByLabel(t.labels.why).fill(why);
  await form.getByLabel(t.labels.contact).selectOption({ index: 1 });
  await form.getByRole("button", { name: t.newTicket.submit }).click();
  await form.getByText(t.priorityTooHigh("urgent", "high")).waitFor();
}

/** From the corrected form to the thanks, as the two of them would. */
async function converse(story: Story, simulator: Simulator) {
  const requester = simulator.as(story.requester);
  const agent = simulator.as(story.agent);
  const until = <T>(probe: () => T | undefined | false) => simulator.until(probe, WAIT_MS);

  const [form] = requester.modals();
  if (!form) throw new Error("The form is not open.");
  const { modal } = await requester.submit(form, {
    subject: story.subject,
    description: story.description,
    what: "essential-function",
    who: "many",
    workaround: "none",
    priority: "high",
    why: story.why,
  });
  if (modal) await requester.close(modal);
  const card = await until(() => requester.messages(HELP).at(-1)?.ts);
  const triage = await until(() => agent.messages(AGENTS).at(-1)?.ts);
  const customerReads = (text: string) => until(() => isIn(requester.thread(HELP, card), text));
  const agentsRead = (text: string) => until(() => isIn(agent.thread(AGENTS, triage), text));

  await agent.press({ ts: triage }, "ticket.take");
  const ask = await agent.pressForModal({ ts: triage }, "ticket.ask");
  await sayToCustomer(agent, ask, { body: story.question });
  await customerReads(story.question);
  const inform = await requester.pressForModal({ ts: card }, "ticket.inform");
  await requester.submit(inform, { body: story.information });
  await agentsRead(story.information);
  const reply = await agent.pressForModal({ ts: triage }, "ticket.reply");
  await sayToCustomer(agent, reply, { body: story.reply });
  await customerReads(story.reply);
  await setTimeout(READING_MS);
  await requester.send(HELP, story.thanks, card);
  await agentsRead(story.thanks);
  return { card, triage };
}

async function solve(story: Story, simulator: Simulator, triage: string): Promise<void> {
  const { solvedHint } = textsOf(story.language).card;
  await simulator.as(story.agent).press({ ts: triage }, "ticket.solve");
  const requester = simulator.as(story.requester);
  await simulator.until(() => isIn(requester.messages(HELP), solvedHint), WAIT_MS);
}

function isIn(messages: MessageView[], text: string): boolean {
  return messages.some((message) => JSON.stringify(message).includes(text));
}

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), "deskline-screenshots-"));
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
