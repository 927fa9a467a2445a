import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchChromium } from "../support/chromium.ts";
import { composer, openSite } from "./page-site.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
});

it("offers the app's shortcuts beside the field and in the menu of a message", async () => {
  await using site = await openSite(browser);
  const page = await site.open("#as=U0TOM");

  await page.getByRole("button", { name: "Shortcuts" }).click();
  await page.getByRole("menuitem", { name: "Anywhere" }).click();
  await page.getByRole("dialog", { name: "Submit a ticket" }).waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();

  await composer(page).fill("The printer burns");
  await composer(page).press("Enter");
  await page.getByRole("article", { name: "Tom" }).hover();
  await page.getByRole("button", { name: "Actions for the message of Tom" }).click();
  await page.getByRole("menuitem", { name: "About it" }).click();
  expect(await page.getByLabel("Subject").inputValue()).toBe("The printer burns");
});

it("has none for somebody of another company", async () => {
  await using site = await openSite(browser);
  const page = await site.open("#as=U0SOL");

  expect(await composer(page).isVisible()).toBe(true);
  expect(await page.getByRole("button", { name: "Shortcuts" }).count()).toBe(0);
});
