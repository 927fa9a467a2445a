import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../support/chromium.ts";
import { composer, openSite, runTicket, type Site } from "./page-site.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
});

const PHONE = { viewport: { width: 375, height: 740 } };

/** The states of the page that a person meets, each reached as a person would. */
const states: Record<string, (site: Site, options: object) => Promise<Page>> = {
  "a channel": async (site, options) => {
    await site.simulator.as("U0DANA").send("C0ACMEHELP", `${"long".repeat(60)} https://a.example`);
    const page = await site.open("#as=U0TOM", options);
    await page.getByRole("article").first().waitFor();
    return page;
  },
  "a thread": async (site, options) => {
    const root = await site.simulator.as("U0DANA").send("C0ACMEHELP", "hello");
    await site.simulator.as("U0TOM").send("C0ACMEHELP", "and hello", root.ts);
    const page = await site.open(`#as=U0TOM&in=C0ACMEHELP&thread=${root.ts}`, options);
    await page.getByRole("complementary").getByRole("article").last().waitFor();
    return page;
  },
  "the Home tab": async (site, options) => {
    const page = await site.open("#as=U0TOM&in=home", options);
    await page.getByText("Your tickets").waitFor();
    return page;
  },
  "a modal": async (site, options) => {
    const page = await site.open("#as=U0TOM", options);
    const modal = await runTicket(page);
    await modal.getByRole("button", { name: "Submit" }).click();
    await modal.getByText("Please complete").waitFor();
    return page;
  },
  "the faults": async (site, options) => {
    const page = await site.open("#as=U0TOM", options);
    await page.getByRole("button", { name: "Faults" }).click();
    await page.getByRole("dialog").waitFor();
    return page;
  },
};

describe.each(Object.entries(states))("%s", (_name, reach) => {
  it("fits on a phone without scrolling sideways, every control with a name", async () => {
    await using site = await openSite(browser);
    const page = await reach(site, PHONE);

    expect(await page.evaluate<number>(WIDEST)).toBeLessThanOrEqual(375);
    expect(await namelessControls(page)).toEqual([]);
  });

  it.each(["light", "dark"] as const)(
    "has names for all controls and contrast for all text in %s",
    async (colorScheme) => {
      await using site = await openSite(browser);
      const page = await reach(site, { colorScheme });

      expect(await namelessControls(page)).toEqual([]);
      expect(await page.evaluate<string[]>(FAINT_TEXT)).toEqual([]);
    },
  );
});

it("lets the keyboard skip to the conversation, and reaches the composer from there", async () => {
  await using site = await openSite(browser);
  const page = await site.open("#as=U0TOM");

  await page.getByLabel("Act as").focus();
  await page.keyboard.press("Shift+Tab");
  expect(await page.locator(":focus").textContent()).toBe("Skip to the conversation");
  await page.keyboard.press("Enter");

  expect(await page.locator(":focus").getAttribute("id")).toBe("main");
  await composer(page).waitFor();
});

it("opens the channels as a sheet on a phone, and Escape closes it", async () => {
  await using site = await openSite(browser);
  const page = await site.open("#as=U0TOM", PHONE);
  const link = page.getByRole("link", { name: "general" });
  expect(await link.isVisible()).toBe(false);

  await page.getByRole("button", { name: "Show channels" }).click();
  await link.waitFor();
  await page.keyboard.press("Escape");
  await link.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Show channels" }).click();
  await link.click();

  await page.getByRole("heading", { name: "general" }).waitFor();
  await link.waitFor({ state: "hidden" });
});

/** Playwright's snapshot shows each control as `- button "Name"`. */
async function namelessControls(page: Page): Promise<string[]> {
  const roles = /^\s*- (button|link|textbox|combobox|radio|checkbox|menuitem|spinbutton|dialog)\b/;
  const snapshot = await page.locator("body").ariaSnapshot();
  const controls = snapshot.split("\n").filter((line) => roles.test(line));
  expect(controls.length).toBeGreaterThan(3);
  return controls.filter((line) => !/^\s*- \w+ "[^"]+/.test(line));
}

/** Runs in the page: the width of the page and of everything in it that scrolls sideways. */
const WIDEST = `Math.max(
  document.documentElement.scrollWidth,
  ...[...document.querySelectorAll("*")]
    .filter((one) => ["auto", "scroll"].includes(getComputedStyle(one).overflowX))
    .map((one) => (one.scrollWidth > one.clientWidth ? innerWidth + one.scrollWidth : 0)),
)`;

/** Runs in the page: every text whose contrast to the first opaque surface behind it is under 4.5. */
const FAINT_TEXT = `(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.03928 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = rgba(getComputedStyle(one).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const top = document.querySelector("dialog[open]") ?? document.body;
  const faint = [];
  const walker = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const [one, other] = [luminance(rgba(getComputedStyle(element).color)), luminance(behind(element))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) faint.push(walker.currentNode.data.trim() + " " + ratio.toFixed(2));
  }
  return faint;
})()`;
