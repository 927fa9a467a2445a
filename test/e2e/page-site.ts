import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { expect } from "vitest";
import type { Simulator } from "#simulator/simulator.ts";
import { startBareApp } from "../support/bare-app.ts";
import { registerPageApp } from "./page-app.ts";

export type Site = AsyncDisposable & {
  simulator: Simulator;
  /** Opens the page as somebody, in a browser of their own; faults of the page fail the test at its end. */
  open(hash: string, options?: BrowserContextOptions): Promise<Page>;
};

/** A fresh simulator with its app, and pages on it. */
export async function openSite(
  browser: Browser,
  { expected }: { expected?: RegExp } = {},
): Promise<Site> {
  const bare = await startBareApp("socket", registerPageApp, { paced: false });
  const contexts: AsyncDisposable[] = [];
  const faults: string[] = [];

  return {
    simulator: bare.simulator,
    async open(hash, options = {}) {
      const context = await browser.newContext({ locale: "en-US", ...options });
      contexts.push(context);
      const page = await context.newPage();
      page.on("pageerror", (error) => faults.push(error.message));
      page.on("console", (line) => {
        if (line.type() === "error" || line.type() === "warning") faults.push(line.text());
      });
      await page.goto(`${bare.simulator.url}/${hash}`);
      await page.getByRole("banner").waitFor();
      return page;
    },
    async [Symbol.asyncDispose]() {
      for (const context of contexts) await context[Symbol.asyncDispose]();
      await bare[Symbol.asyncDispose]();
      expect(faults.filter((fault) => !expected?.test(fault))).toEqual([]);
    },
  };
}

export function composer(page: Page) {
  return page.getByRole("main").getByRole("textbox", { name: /^Message / });
}

/** Types a command and takes it from the list, hands on the keyboard. */
export async function runTicket(page: Page) {
  await composer(page).fill("/ticket ");
  await composer(page).press("Enter");
  const modal = page.getByRole("dialog", { name: "Submit a ticket" });
  await modal.waitFor();
  return modal;
}

export async function isFocused(one: Locator): Promise<boolean> {
  return (await one.and(one.page().locator(":focus")).count()) === 1;
}

/** What a screen reader says after the name. */
export async function descriptionOf(one: Locator): Promise<string> {
  const ids = (await one.getAttribute("aria-describedby"))?.split(" ") ?? [];
  const texts = ids.map((id) => one.page().locator(`[id="${id}"]`).textContent());
  return (await Promise.all(texts)).join(" ");
}
