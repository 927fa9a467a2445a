import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readManifest } from "#simulator/manifest.ts";
import { startSimulator } from "#simulator/simulator.ts";
import { launchChromium } from "../support/chromium.ts";
import { composer, descriptionOf, isFocused, openSite, runTicket } from "./page-site.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
});

const TOM = "#as=U0TOM";

describe("people and places", () => {
  it("greets a newcomer as Hana in Japanese and says what to type, once", async () => {
    await using site = await openSite(browser);
    const page = await site.open("");

    await page.getByText("#helpで /ticket と入力すると").waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("ja");
    await page.getByRole("button", { name: "わかりました" }).click();
    await page.reload();
    await page.getByRole("main").waitFor();

    expect(await page.getByText("#helpで /ticket と入力すると").count()).toBe(0);
  });

  it("becomes another person, in their language and where they begin", async () => {
    await using site = await openSite(browser);
    const page = await site.open("#as=U0HANA");

    await page.getByLabel("操作する人").selectOption("U0BEN");
    await page.getByRole("heading", { name: "support-agents" }).waitFor();

    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    expect(page.url()).toContain("as=U0BEN");
    const chosen = page.getByLabel("Act as").locator("option:checked");
    expect((await chosen.textContent())?.trim()).toBe("Ben – support agent, reads English · Kumo");
  });

  it("keeps a language chosen by hand from person to person", async () => {
    await using site = await openSite(browser);
    const page = await site.open(TOM);

    await page.getByRole("button", { name: "日本語" }).click();
    await page.getByLabel("操作する人").selectOption("U0DANA");

    await page.getByRole("heading", { name: "チャンネル" }).waitFor();
  });

  it("shows two people in two tabs the same conversation as it happens", async () => {
    await using site = await openSite(browser);
    const tom = await site.open(TOM);
    const dana = await site.open("#as=U0DANA&in=C0ACMEGEN");

    await composer(tom).fill("Is anyone there?\nI am <b>lost</b> & alone");
    await composer(tom).press("Enter");
    await dana.getByRole("link", { name: /^help.*1 unread$/ }).click();

    await dana.getByRole("log").getByText("I am <b>lost</b> & alone").waitFor();
  });
});

describe("addresses", () => {
  it("lead a person who does not exist to the one to begin with", async () => {
    await using site = await openSite(browser, { expected: /404/ });
    const page = await site.open("#as=U0NOBODY");

    await expect.poll(() => page.url()).toContain("as=U0HANA");
  });

  it("follow a message's link without becoming somebody else", async () => {
    await using site = await openSite(browser);
    const root = await site.simulator.as("U0TOM").send("C0ACMEGEN", "the old one");
    const [seconds, micros] = root.ts.split(".");
    const link = `${site.simulator.url}/archives/C0ACMEGEN/p${seconds}${micros}`;
    await site.simulator.as("U0TOM").send("C0ACMEHELP", `See ${link}`);
    const page = await site.open("#as=U0DANA&in=C0ACMEHELP");

    await page.getByRole("log").getByRole("link").click();

    const thread = page.getByRole("complementary", { name: "Thread in #general" });
    await thread.getByText("the old one").waitFor();
    expect(page.url()).toContain("as=U0DANA");
  });
});

it("says when the simulator is gone, and catches up when it is back", async () => {
  const manifest = await readManifest("manifest.yml");
  await using folder = await mkdtempDisposable(join(tmpdir(), "deskline-page-"));
  const file = join(folder.path, "world.sqlite");
  const before = await startSimulator({ manifest, file });
  await using context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${before.url}/${TOM}`);
  await page.getByText("Deskline is not connected").waitFor();

  await before[Symbol.asyncDispose]();
  await page.getByText("Reconnecting…").waitFor();
  await using after = await startSimulator({
    manifest,
    file,
    port: Number(new URL(before.url).port),
  });
  await after.as("U0DANA").send("C0ACMEHELP", "missed you");

  await page.getByRole("log").getByText("missed you").waitFor();
  await page.getByText("Deskline is not connected").waitFor();
});

describe("commands", () => {
  it("completes and sends one by keyboard alone", async () => {
    await using site = await openSite(browser);
    const page = await site.open(TOM);
    const field = composer(page);

    await field.press("/");
    await page.getByRole("option", { name: /^\/ticket / }).waitFor();
    await field.press("ArrowDown");
    const active = await field.getAttribute("aria-activedescendant");
    expect(await page.locator(`[id="${active}"]`).textContent()).toContain("/tickets");
    await field.press("Enter");
    expect(await field.inputValue()).toBe("/tickets ");
    await field.press("Enter");

    const answer = page.getByRole("article").filter({ hasText: "You have no tickets yet." });
    await answer.getByText("Only visible to you").waitFor();
  });

  it("closes the list with Escape and leaves what was typed", async () => {
    await using site = await openSite(browser);
    const page = await site.open(TOM);

    await composer(page).press("/");
    await page.getByRole("listbox").waitFor();
    await composer(page).press("Escape");

    expect(await page.getByRole("listbox").count()).toBe(0);
    expect(await composer(page).inputValue()).toBe("/");
  });

  it("says what Slack says when the app does not answer, and gives the command back", async () => {
    await using site = await openSite(browser);
    const page = await site.open(TOM);

    await composer(page).fill("/support-access off");
    await composer(page).press("Enter");

    const notice = page.getByRole("alert").getByText(/support-access failed .*operation_timeout/);
    await notice.waitFor();
    expect(await composer(page).inputValue()).toBe("/support-access off");
  });

  it("are refused in a thread", async () => {
    await using site = await openSite(browser);
    const root = await site.simulator.as("U0TOM").send("C0ACMEHELP", "hello");
    const page = await site.open(`${TOM}&in=C0ACMEHELP&thread=${root.ts}`);

    const reply = page.getByRole("textbox", { name: "Reply in the thread" });
    await reply.fill("/ticket VPN");
    await reply.press("Enter");

    await page.getByText("/ticket is not supported in threads. Sorry!").waitFor();
  });
});

describe("modals", () => {
  it("keep the focus inside, name each error at its field, and give the focus back", async () => {
    await using site = await openSite(browser);
    const page = await site.open(TOM);
    const modal = await runTicket(page);
    const subject = modal.getByRole("textbox", { name: "Subject" });
    const description = modal.getByRole("textbox", { name: "Description" });

    await page.keyboard.press("Enter");
    await modal.getByText("Please complete this required field.").waitFor();
    expect(await isFocused(subject)).toBe(true);
    await page.keyboard.type("bad");
    await page.keyboard.press("Enter");
    await modal.getByText("Say more about it.").waitFor();
    expect(await isFocused(description)).toBe(true);
    expect(await descriptionOf(description)).toContain("Say more about it.");

    await subject.fill("VPN is down");
    await modal.getByRole("button", { name: "Submit" }).click();
    await page.getByRole("heading", { name: "VPN is down" }).waitFor();
    expect(await modal.count()).toBe(0);
    expect(await isFocused(composer(page))).toBe(true);
  });

  it("keep what is typed, and the caret, while the app changes them", async () => {
    await using site = await openSite(browser);
    const page = await site.open(TOM);
    const modal = await runTicket(page);
    const subject = modal.getByRole("textbox", { name: "Subject" });
    const description = modal.getByRole("textbox", { name: "Description" });

    await subject.fill("VPN is down");
    await modal.getByRole("radio", { name: "Yes" }).check();
    await description.pressSequentially("It stopped at nine.");
    await page.keyboard.press("Home");
    await page.keyboard.type("Today: ");
    await modal.getByRole("textbox", { name: "Why is it urgent?" }).waitFor();
    await page.keyboard.type("sadly, ");

    expect(await description.inputValue()).toBe("Today: sadly, It stopped at nine.");
    expect(await subject.inputValue()).toBe("VPN is down");
    expect(await modal.getByRole("radio", { name: "Yes" }).isChecked()).toBe(true);
    expect(await isFocused(description)).toBe(true);
  });

  it("stand on each other; Escape closes the one on top", async () => {
    await using site = await openSite(browser);
    const page = await site.open(TOM);
    const modal = await runTicket(page);
    await modal.getByRole("textbox", { name: "Subject" }).fill("VPN is down");

    await modal.getByRole("button", { name: "What is urgent?" }).click();
    await page.getByRole("dialog", { name: "What is urgent" }).waitFor();
    await page.keyboard.press("Escape");

    await expect.poll(() => page.getByRole("dialog").count()).toBe(1);
    expect(await modal.getByRole("textbox", { name: "Subject" }).inputValue()).toBe("VPN is down");
    expect(await isFocused(modal.getByRole("button", { name: "What is urgent?" }))).toBe(true);
  });

  it("say that there was trouble and lose nothing", async () => {
    await using site = await openSite(browser);
    const page = await site.open(TOM);
    const modal = await runTicket(page);
    const subject = modal.getByRole("textbox", { name: "Subject" });

    await subject.fill("hang");
    await page.keyboard.press("Enter");
    await modal.locator("form[aria-busy=true]").waitFor();
    await modal.getByRole("alert").getByText("We had some trouble connecting").waitFor();

    expect(await subject.inputValue()).toBe("hang");
  });
});

describe("messages", () => {
  it("have buttons that work, and threads that open, answer and close", async () => {
    await using site = await openSite(browser);
    const ben = await site.open("#as=U0DANA&in=C0ACMEHELP");
    const page = await site.open(TOM);
    const modal = await runTicket(page);
    await modal.getByRole("textbox", { name: "Subject" }).fill("VPN is down");
    await page.keyboard.press("Enter");

    await ben.getByRole("button", { name: "Take" }).click();
    await page.getByText("Open, taken by @Dana").waitFor();
    await page.getByRole("button", { name: "1 reply" }).click();
    const thread = page.getByRole("complementary", { name: "Thread in #help" });
    await thread.getByText("Somebody is on it.").waitFor();
    await page.keyboard.type("Thanks!");
    await page.keyboard.press("Enter");
    await thread.getByRole("article").getByText("Thanks!").waitFor();
    await thread.getByRole("button", { name: "Close the thread" }).click();

    const replies = page.getByRole("button", { name: "2 replies" });
    await replies.waitFor();
    expect(await isFocused(replies)).toBe(true);
    await ben.getByRole("button", { name: "2 replies" }).waitFor();
  });

  it("can be edited, reacted to and deleted from a menu, by keyboard", async () => {
    await using site = await openSite(browser);
    const page = await site.open(TOM);
    await composer(page).fill("helo");
    await composer(page).press("Enter");
    const message = page.getByRole("article").last();
    const menu = message.getByRole("button", { name: "Actions for the message of Tom" });
    await menu.waitFor();

    await menu.press("Enter");
    await page.keyboard.press("Enter");
    await message.getByRole("button", { name: "+1: Tom", pressed: true }).waitFor();
    await menu.press("Enter");
    await page.getByRole("menuitem", { name: "Edit" }).press("Enter");
    await page.keyboard.press("End");
    await page.keyboard.press("Backspace");
    await page.keyboard.type("lo");
    await page.keyboard.press("Enter");
    await message.getByText("hello").waitFor();
    await message.getByText("(edited)").waitFor();
    await menu.press("Enter");
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).press("Enter");

    await expect.poll(() => page.getByRole("article").count()).toBe(0);
  });

  it("shows a mention that is live, and only words of one that was typed as code", async () => {
    await using site = await openSite(browser);
    const page = await site.open(TOM);

    await composer(page).fill("@channel look: <!everyone> <https://evil.example|your bank>");
    await composer(page).press("Enter");
    const message = page.getByRole("article").last();
    await message.getByText("look: <!everyone>").waitFor();

    expect(await message.locator("[data-mention]").allTextContents()).toEqual(["@channel"]);
    expect(await message.getByRole("link", { name: "your bank", exact: true }).count()).toBe(0);
  });
});

describe("faults", () => {
  it("are switched on and off, and are seen from everywhere", async () => {
    await using site = await openSite(browser);
    const page = await site.open(TOM);

    await page.getByRole("button", { name: "Faults" }).click();
    const drawer = page.getByRole("dialog", { name: "Faults" });
    await drawer.getByLabel("What goes wrong").selectOption("slow");
    await drawer.getByLabel("Delay (milliseconds)").fill("50");
    await drawer.getByRole("button", { name: "Switch on" }).click();
    await drawer.getByText("chat.postMessage, once more, 50 ms").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "1 fault on" }).click();
    await drawer.getByRole("button", { name: "End: Slow answers" }).click();

    await drawer.getByText("Nothing is wrong just now.").waitFor();
  });

  it("take the app out of a channel and archive it", async () => {
    await using site = await openSite(browser);
    const page = await site.open(TOM);
    const menu = page.getByRole("button", { name: "Channel actions" });

    await menu.click();
    await page.getByRole("menuitem", { name: "Remove Deskline from the channel" }).click();
    await page.getByText("Deskline is not in this channel").waitFor();
    await menu.click();
    await page.getByRole("menuitem", { name: "Archive the channel" }).click();

    await page.getByText("This channel is archived. Nobody can write here.").waitFor();
  });
});
