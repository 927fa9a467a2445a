import { WebClient } from "@slack/web-api";
import { expect, it } from "vitest";
import type { Simulator } from "#simulator/simulator.ts";
import { createApp, startBareApp, ticketModal } from "../support/bare-app.ts";

it("carries commands, modals and messages over a socket as over HTTP", async () => {
  const heard: string[] = [];
  await using bare = await startBareApp("socket", (app) => {
    app.command("/ticket", async ({ ack, client, command }) => {
      await ack(`One moment, ${command.user_name}`);
      await client.views.open({ trigger_id: command.trigger_id, view: ticketModal() });
    });
    app.view("ticket", async ({ ack, view }) => {
      const subject = view.state.values.subject?.text?.value;
      if (subject === "bad") await ack({ response_action: "errors", errors: { subject: "No." } });
      else await ack();
    });
    app.event("message", async ({ event }) => {
      if ("text" in event && event.text) heard.push(event.text);
    });
  });
  const { simulator } = bare;
  const hana = simulator.as("U0HANA");

  await hana.command("C0ACMEHELP", "/ticket");
  const modal = await simulator.until(() => hana.modals()[0]);
  const refused = await hana.submit(modal, { subject: "bad" });
  const closed = await hana.submit(modal, { subject: "good" });
  await hana.send("C0ACMEHELP", "hello");
  await expect.poll(() => heard).toEqual(["hello"]);

  expect(wordsTo(simulator, "U0HANA")).toEqual(["One moment, hana"]);
  expect(refused.errors).toEqual({ subject: "No." });
  expect(closed).toEqual({});
});

it("connects again after Slack asked it to", { timeout: 30_000 }, async () => {
  await using bare = await startBareApp("socket", (app) => {
    app.command("/tickets", async ({ ack }) => ack("none"));
  });
  const { simulator } = bare;

  simulator.faults.add({ kind: "disconnect" });
  const between = simulator.delivery();
  await simulator.until(() => simulator.delivery() === "socket", 20_000);
  await simulator.as("U0TOM").command("C0ACMEHELP", "/tickets");

  expect(between).toBe("none");
  expect(wordsTo(simulator, "U0TOM")).toEqual(["none"]);
});

it("gives each payload to one of several connections", async () => {
  const heard: string[] = [];
  await using one = await startBareApp("socket", (app) => {
    app.event("message", async () => void heard.push("one"));
  });
  const other = createApp(one.simulator, "socket");
  other.event("message", async () => void heard.push("other"));
  await other.start();

  const tom = one.simulator.as("U0TOM");
  for (const text of ["1", "2", "3", "4"]) await tom.send("C0ACMEHELP", text);
  await expect.poll(() => heard.length).toBe(4);
  await other.stop();

  expect(heard.toSorted()).toEqual(["one", "one", "other", "other"]);
});

it("refuses a socket ticket that was used before", async () => {
  await using bare = await startBareApp("socket", () => {});
  const { url } = await new WebClient(bare.simulator.appToken, {
    slackApiUrl: bare.simulator.apiUrl,
  }).apps.connections.open({});

  const first = await outcomeOf(String(url));
  const second = await outcomeOf(String(url));

  expect([first, second]).toEqual(["open", "refused"]);
});

function outcomeOf(url: string): Promise<"open" | "refused"> {
  const socket = new WebSocket(url);
  return new Promise((resolve) => {
    socket.addEventListener("open", () => {
      socket.close();
      resolve("open");
    });
    socket.addEventListener("error", () => resolve("refused"));
  });
}

function wordsTo(simulator: Simulator, userId: string): string[] {
  return simulator
    .as(userId)
    .ephemerals("C0ACMEHELP")
    .map((each) => each.text);
}
