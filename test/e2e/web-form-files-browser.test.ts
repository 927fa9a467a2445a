import { mkdir } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { textsOf } from "#text/texts.ts";
import { launchChromium } from "../support/chromium.ts";
import { FILLED, startWebForm, type WebForm } from "../support/web-form.ts";

const MB = 1024 * 1024;
const SHOTS = process.env.DESKLINE_SHOTS; // a folder for whoever wants to look

let web: WebForm;
let browser: Browser;
beforeAll(async () => {
  [web, browser] = await Promise.all([startWebForm({ paced: false }), launchChromium()]);
});
afterAll(async () => {
  await browser.close();
  await web[Symbol.asyncDispose]();
});

describe("at 375 px without JavaScript", () => {
  it.each(["ja", "en"] as const)(
    "a visitor who reads %s attaches files, and reads what became of each",
    async (language) => {
      const t = textsOf(language);
      const w = t.web.page;
      const path = await web.file({ ...FILLED, language, email: `${language}.files@acme.example` });
      await using visitor = await openPage(language);
      const { page, complaints } = visitor;
      await page.goto(`${web.origin}${path}?lang=${language}`);
      await page.getByRole("button", { name: w.send }).click();
      await page.getByRole("link", { name: t.fields.textBlank }).click();
      expect(await page.locator("#body:focus").count()).toBe(1);
      await shoot(page, `${language}-1-nothing`);

      await page.getByLabel(w.replyLabel).fill("ログを付けます");
      await page.getByLabel(w.filesLabel).setInputFiles([
        { name: "ビルド.log", mimeType: "text/plain", buffer: Buffer.from("log") },
        { name: "setup.exe", mimeType: "application/octet-stream", buffer: Buffer.from("MZ") },
        { name: "video.mp4", mimeType: "video/mp4", buffer: Buffer.alloc(11 * MB, 1) },
      ]);
      await shoot(page, `${language}-2-chosen`);
      await page.getByRole("button", { name: w.send }).click();

      await page.getByRole("heading", { name: w.files, exact: true }).waitFor();
      expect(new URL(page.url()).hash).toBe("#attachments");
      for (const words of [
        "ログを付けます",
        w.filesSent("ビルド.log"),
        w.fileRefused("setup.exe", t.fileFaults["forbidden-type"]),
        w.fileRefused("video.mp4", t.fileFaults["too-large"]),
      ])
        await page.getByText(words, { exact: true }).waitFor();
      await page.getByText(w.refresh).click();
      await page.getByText(w.fileUnsent(t.fileFaults["too-large"])).waitFor();
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(375);
      await shoot(page, `${language}-3-sent`);

      await page
        .getByLabel(w.filesLabel)
        .setInputFiles([{ name: "run.bat", mimeType: "text/plain", buffer: Buffer.from("echo") }]);
      await page.getByRole("button", { name: w.send }).click();
      await page.getByRole("alert").getByText(t.fileFaults["forbidden-type"]).waitFor();
      await shoot(page, `${language}-4-refused`);
      expect(complaints).toEqual([]);
    },
  );
});

async function openPage(language: "ja" | "en") {
  const context = await browser.newContext({
    viewport: { width: 375, height: 700 },
    javaScriptEnabled: false,
    locale: language === "ja" ? "ja-JP" : "en-GB",
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (line) => {
    if (line.type() === "error" && !line.text().includes("422")) complaints.push(line.text());
  });
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
}

async function shoot(page: Page, name: string): Promise<void> {
  if (!SHOTS) return;
  await mkdir(SHOTS, { recursive: true });
  await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
}
