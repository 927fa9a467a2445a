import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sayToCustomer } from "#simulator/say-to-customer.ts";
import { textsOf } from "#text/texts.ts";
import { launchChromium } from "../support/chromium.ts";
import { walk } from "../support/ticket-walk.ts";
import { FILLED, startWebForm, untilTrue, type WebForm } from "../support/web-form.ts";

const PATIENT_MS = 3100; // before that, a form is sent faster than a person types

let web: WebForm;
let browser: Browser;
beforeAll(async () => {
  [web, browser] = await Promise.all([startWebForm(), launchChromium()]);
});
afterAll(async () => {
  await browser.close();
  await web[Symbol.asyncDispose]();
});

const ways: [string, BrowserContextOptions][] = [
  ["with JavaScript", {}],
  ["without JavaScript", { javaScriptEnabled: false }],
  ["at 375 px", { viewport: { width: 375, height: 700 } }],
  [
    "at 375 px without JavaScript",
    { viewport: { width: 375, height: 700 }, javaScriptEnabled: false },
  ],
];

describe.each(ways)("%s", (way, options) => {
  it.each(["ja", "en"] as const)(
    "a visitor who reads %s is led from faults to a solved ticket",
    async (language) => {
      const t = textsOf(language);
      const email = `${language}.${ways.findIndex(([name]) => name === way)}@acme.example`;
      await using visitor = await openPage(options, language);
      const { page, complaints } = visitor;
      await page.goto(`${web.origin}/request`);
      await fits(page);
      await page.getByLabel(t.web.name).first().fill("Mika");
      await page.getByRole("textbox", { name: t.labels.description }).fill("一行目\n二行目");
      await page.getByRole("radio", { name: t.priorities.urgent }).check();
      await press(page, t.web.submit);

      const summary = page.getByRole("alert");
      await summary.getByRole("heading").waitFor();
      expect(await isFocused(page, "#faults")).toBe(true);
      expect(await page.title()).toContain(t.web.faultTitle);
      expect(await page.getByRole("textbox", { name: t.labels.description }).inputValue()).toBe(
        "一行目\n二行目",
      );
      await summary.getByRole("link", { name: t.fields.subjectBlank }).click();
      expect(await isFocused(page, "#subject")).toBe(true);
      expect(await page.locator("#subject").getAttribute("aria-invalid")).toBe("true");
      expect(await describedBy(page, "#subject")).toContain(t.fields.subjectBlank);
      await fits(page);

      await page.locator("#subject").fill("ログインできない");
      await page.locator("#email").fill(email);
      await page.getByLabel(t.labels.topic).selectOption("sign-in");
      await page.locator("#what-function").check();
      await page.locator("#who-some").check();
      await page.locator("#workaround").check();
      await page.locator("#priority-normal").check();
      await sleep(PATIENT_MS);
      await press(page, t.web.submit);
      await page.getByRole("heading", { name: t.web.sent.title }).waitFor();
      await fits(page);

      await page.goto(`${web.origin}${await web.link(email)}`);
      await page.getByText("二行目").waitFor();
      await fits(page);
      await press(page, t.web.confirm.send);
      await page.getByLabel(t.web.page.replyLabel).waitFor();
      await page.goBack();
      await page.getByRole("heading", { name: t.web.confirm.sentTitle }).waitFor();
      await page.getByRole("link", { name: t.web.confirm.open }).click();
      await page.getByLabel(t.web.page.replyLabel).fill("もう一つあります");
      await page.getByRole("button", { name: t.web.page.send }).click();
      await page.getByText("もう一つあります").waitFor();
      await page.getByRole("button", { name: t.web.page.solve }).click();
      await page.getByText(t.web.page.settled).waitFor();
      await fits(page);
      expect(complaints).toEqual([]);
    },
  );
});

describe("the articles of a free plan", () => {
  it.each(ways)("are voted on %s, each by its own name", async (way, options) => {
    const t = textsOf("en");
    const { db } = web.app;
    const email = `free.${ways.findIndex(([name]) => name === way)}@home.example`;
    const free = { id: "free", name: "Free", plan: "free" } as const;
    await db
      .insertInto("account")
      .values(free)
      .onConflict((oc) => oc.doNothing())
      .execute();
    const whose = { account_id: free.id, address: email };
    await db.insertInto("account_mail_address").values(whose).execute();
    await web.send({ ...FILLED, email, language: "en" });
    await using visitor = await openPage(options, "en");
    const { page, complaints } = visitor;
    await page.goto(`${web.origin}${await web.link(email)}`);
    const group = page.getByRole("group", { name: `Limits of the API ${t.article.question}` });

    await group.getByRole("button", { name: t.article.yes }).press("Enter");
    await group.getByRole("button", { name: t.article.yes, pressed: true }).waitFor();
    await group.getByRole("button", { name: t.article.no }).press("Enter");
    await group.getByRole("button", { name: t.article.no, pressed: true }).waitFor();

    expect(await group.getByRole("button", { pressed: true }).count()).toBe(1);
    expect(page.url()).toMatch(/#article-api-limits$/);
    await page.getByText(/^0 of \d+ (person|people) found this helpful$/).waitFor();
    expect(await page.getByRole("group").count()).toBe(3);
    await fits(page);
    expect(complaints).toEqual([]);
  });
});

describe("with JavaScript", () => {
  it("the page says what the answers support, and asks for what the priority needs", async () => {
    const t = textsOf("en");
    await using visitor = await openPage({}, "en");
    const { page } = visitor;
    await page.goto(`${web.origin}/request`);
    expect(await page.locator("#urgency").isVisible()).toBe(false);

    await page.locator("#what").check(); // nothing works
    await page.locator("#who").check();
    await page.locator("#workaround").check();
    await page.getByText(t.web.supportsAll).waitFor();
    await page.locator("#workaround-yes").check();
    await page.getByText(t.web.supports(t.priorities.normal)).waitFor();
    await page.locator("#priority-high").check();
    expect(await page.getByLabel(`${t.labels.why}${t.web.required}`).isVisible()).toBe(true);
    expect(await page.locator("#contactName").isVisible()).toBe(false);
    await page.locator("#priority").check();
    expect(await page.locator("#contactName").isVisible()).toBe(true);
    expect(await page.locator("#contactName").getAttribute("aria-required")).toBe("true");
    expect(await page.getByText(t.web.byPriority.trim()).count()).toBe(0);
    await page.getByLabel(t.labels.topic).selectOption("badges");
    await page.getByText(t.web.elsewhere).waitFor();
  });

  it("can be filled and sent with the keyboard alone, whose focus shows", async () => {
    const t = textsOf("en");
    await using visitor = await openPage({}, "en");
    const { page } = visitor;
    await page.goto(`${web.origin}/request`);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.className")).toBe("skip");
    await page.keyboard.press("Enter");
    const keys = async (...all: string[]) => {
      for (const key of all) await page.keyboard.press(key);
    };
    await keys("Tab");
    await page.keyboard.type("Mika");
    expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe(
      "solid",
    );
    await keys("Tab");
    await page.keyboard.type("keys@acme.example");
    await keys("Tab", "End", "Tab");
    await page.keyboard.type("By keyboard");
    await keys("Tab");
    await page.keyboard.type("It works");
    await keys("Tab", "Space", "Tab", "Space", "Tab", "Space", "Tab", "Space", "ArrowUp");
    expect(await page.locator("#priority-low").isChecked()).toBe(true);
    await sleep(PATIENT_MS);
    await page.locator("#subject").press("Enter");
    await page.getByRole("heading", { name: t.web.sent.title }).waitFor();
  });

  it("asks nothing more of whoever chooses another team's topic first, and keeps what was typed", async () => {
    const t = textsOf("en");
    await using visitor = await openPage({}, "en");
    const { page } = visitor;
    await page.goto(`${web.origin}/request`);
    const submit = page.getByRole("button", { name: t.web.submit, exact: true });
    const topic = page.getByLabel(t.labels.topic);

    await topic.selectOption("badges");
    await page.getByText(t.web.elsewhere).waitFor();
    for (const hidden of [submit, page.locator("#name"), page.locator("#what")])
      expect(await hidden.isVisible()).toBe(false);
    await topic.selectOption("sign-in");
    for (const shown of [submit, page.locator("#name"), page.locator("#what")])
      expect(await shown.isVisible()).toBe(true);
    expect(await page.locator("#urgency").isVisible()).toBe(false);

    await page.locator("#subject").fill("Kept");
    await topic.selectOption("badges");
    expect(await submit.isVisible()).toBe(true);
    await page.goto(`${web.origin}/request/sent`);
    await page.goBack();
    expect(await page.locator("#subject").inputValue()).toBe("Kept");
  });

  it("the page of a ticket keeps words that are half written, until they are sent", async () => {
    const t = textsOf("en");
    const email = "half@acme.example";
    const path = await web.file({ ...FILLED, email, language: "en" });
    await offerWorkaround(email);
    await using visitor = await openPage({}, "en");
    const { page, complaints } = visitor;
    await page.goto(`${web.origin}${path}`);
    const reply = page.getByLabel(t.web.page.replyLabel);

    await reply.fill("Half a\nreply");
    await page.getByRole("link", { name: t.web.page.refresh }).click();
    await page.waitForURL(/lang=en/);
    await expect.poll(() => reply.inputValue()).toBe("Half a\nreply");
    await press(page, t.workaroundOffer.accept);
    await page.getByText(t.web.page.accepted("Mika")).waitFor();
    await expect.poll(() => reply.inputValue()).toBe("Half a\nreply");
    await reply.fill("A whole reply");
    await press(page, t.web.page.send);
    await page.getByText("A whole reply").waitFor();
    await page.waitForLoadState();
    expect(await reply.inputValue()).toBe("");
    await press(page, t.web.page.solve);
    await page.getByText(t.web.page.settled).waitFor();

    const wrong = page.getByLabel(t.ending.notYetLabel);
    await page.getByText(t.web.page.stillStuck, { exact: true }).click();
    await wrong.fill("Not quite");
    await page.reload();
    expect(await wrong.isVisible()).toBe(true);
    expect(await wrong.inputValue()).toBe("Not quite");
    await wrong.fill("");
    await page.reload();
    expect(await wrong.isVisible()).toBe(false);

    await reply.fill("Half a word more");
    const closing = await web.write(path, { step: "close" }); // in another tab
    expect(closing.status).toBe(303);
    await page.reload();
    await page.getByText(t.web.page.unsent).waitFor();
    expect(await page.getByText("Half a word more").isVisible()).toBe(true);
    expect(complaints).toEqual([]);
  });

  it("a real visitor gets through a flood that is held back", async () => {
    const t = textsOf("ja");
    await using visitor = await openPage({}, "ja");
    const { page } = visitor;
    await page.goto(`${web.origin}/request`);
    let isOver = false;
    const statuses = new Map<number, number>();
    const flood = Array.from({ length: 20 }, async (_, n) => {
      while (!isOver) {
        const headers = { "x-forwarded-for": `203.0.${n}.${statuses.size}` };
        const { status } = await web.send(
          { ...FILLED, email: `flood${n}@acme.example` },
          { proof: false, headers, nonce: old },
        );
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    });

    await page.locator("#name").fill("Real");
    for (const name of ["email", "subject", "description"] as const)
      await page.locator(`#${name}`).fill(name === "email" ? "real@acme.example" : FILLED[name]);
    await page.locator("#topic").selectOption("sign-in");
    for (const id of ["what-question", "who", "workaround", "priority-low"])
      await page.locator(`#${id}`).check();
    await sleep(PATIENT_MS);
    await press(page, t.web.submit);
    await page.getByRole("heading", { name: t.web.sent.title }).waitFor();
    await untilTrue(() => web.mail.to("real@acme.example").length === 1);
    isOver = true;
    await Promise.all(flood);

    expect(statuses.get(429)).toBeGreaterThan(20);
    expect(statuses.get(500)).toBeUndefined();
    expect(web.mail.mails.filter(({ to }) => to.startsWith("flood")).length).toBeLessThanOrEqual(
      40,
    );
  });
});

/** From support, in their channel. */
async function offerWorkaround(email: string): Promise<void> {
  const { number } = await web.app.db
    .selectFrom("ticket")
    .select("number")
    .where("requester_email", "=", email)
    .executeTakeFirstOrThrow();
  const w = walk(web.app);
  const aki = w.as("U0AKI");
  const form = await aki.pressForModal(await w.triage(`DL-${number}`), "ticket.offer");
  await sayToCustomer(aki, form, { body: "Use the other page.", helps: "yes" });
  await untilTrue(() => web.mail.to(email).some(({ text }) => text.includes("other page")));
}

let old = "";
beforeAll(async () => {
  old = await web.nonce();
});

async function openPage(options: BrowserContextOptions, language: "ja" | "en") {
  const context = await browser.newContext({
    ...options,
    locale: language === "ja" ? "ja-JP" : "en-GB",
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (line) => {
    if (line.type() === "error" && !line.text().includes("422")) complaints.push(line.text());
  });
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
}

async function press(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
}

/** Nothing is cut off at the side, and what is pressed is large enough for a finger. */
async function fits(page: Page): Promise<void> {
  const { width } = page.viewportSize() ?? { width: 0 };
  for (const control of await page
    .locator("main button, main input:visible, main select, main textarea")
    .all()) {
    const box = await control.boundingBox();
    if (!box || box.x < 0) continue; // the field that nobody sees
    expect(box.x + box.width).toBeLessThanOrEqual(width);
  }
  for (const target of await page.locator("main button:visible, .choice label:visible").all())
    expect((await target.boundingBox())?.height).toBeGreaterThanOrEqual(44);
}

async function isFocused(page: Page, selector: string): Promise<boolean> {
  const focused = page.locator(`${selector}:focus`);
  await focused.waitFor({ timeout: 5000 });
  return (await focused.count()) === 1;
}

async function describedBy(page: Page, selector: string): Promise<string> {
  const ids = ((await page.locator(selector).getAttribute("aria-describedby")) ?? "").split(" ");
  return (await Promise.all(ids.map((id) => page.locator(`#${id}`).textContent()))).join(" ");
}
