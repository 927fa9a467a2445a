import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { HELP, startTestApp, type TestApp } from "../support/app.ts";
import { launchChromium } from "../support/chromium.ts";
import { walk } from "../support/ticket-walk.ts";

const LOG = { name: "build.log", mimeType: "text/plain", buffer: Buffer.from("It fails.\n") };

let browser: Browser;
let app: TestApp;
beforeAll(async () => {
  browser = await launchChromium();
  app = await startTestApp({ paced: false });
});
afterAll(async () => {
  await browser.close();
  await app[Symbol.asyncDispose]();
});

it("sends a file without words, which others open", async () => {
  const tom = await opened("U0TOM");
  await tom.locator("main input[type=file]").setInputFiles(LOG);
  await tom.getByRole("button", { name: "Remove build.log" }).waitFor();

  await tom.getByRole("main").getByRole("button", { name: "Send" }).click();

  const dana = await opened("U0DANA");
  const download = dana.waitForEvent("download");
  await dana.getByRole("link", { name: "build.log" }).click();
  expect(await readFile(await (await download).path(), "utf8")).toBe("It fails.\n");
  expect(await tom.getByRole("button", { name: "Remove build.log" }).count()).toBe(0);
});

it("keeps the files of a form while the form changes, and submits those that stayed", async () => {
  const w = walk(app);
  const tom = await opened("U0TOM");
  const composer = tom.getByRole("main").getByRole("textbox");
  await composer.fill("/ticket VPN");
  await composer.press("Enter");
  const form = tom.getByRole("dialog", { name: "Submit a ticket" });
  await form.locator("input[type=file]").setInputFiles([LOG, { ...LOG, name: "wrong.log" }]);
  await form.getByRole("button", { name: "Remove wrong.log" }).click();

  await form.getByLabel("Description").fill("It fails.");
  await form.getByLabel("What is broken").selectOption("A question");
  await form.getByLabel("Some people").check();
  await form.getByLabel("None", { exact: true }).check();
  await form.getByLabel("Priority").selectOption("Low");
  await form.getByText("Low: a question").waitFor();
  await form.getByRole("button", { name: "Submit" }).click();
  await tom.getByRole("dialog", { name: "Submitted" }).waitFor();

  const card = await w.card(w.as("U0TOM"), HELP, "VPN");
  await w.shows(w.as("U0TOM"), card, "Attachments: 1");
  await w.shows(w.as("U0AKI"), await w.triage("VPN"), "build.log · 10 B · delivered");
});

async function opened(as: string): Promise<Page> {
  const page = await browser.newPage({ locale: "en-US" });
  await page.goto(`${app.simulator.url}/#lang=en&as=${as}&in=${HELP}`);
  await page.getByRole("main").waitFor();
  return page;
}
