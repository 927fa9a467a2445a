import type { App } from "@slack/bolt";
import type { ModalView } from "@slack/types";
import { WebClient } from "@slack/web-api";
import { expect, it } from "vitest";
import type { Simulator } from "#simulator/simulator.ts";
import { startBareApp } from "../support/bare-app.ts";

it("stacks three modals and no more", async () => {
  const refusals: unknown[] = [];
  await using bare = await startBareApp("http", (app) => {
    openOnCommand(app);
    app.action("deeper", async ({ ack, client, body }) => {
      await ack();
      const trigger_id = "trigger_id" in body ? String(body.trigger_id) : "";
      await client.views
        .push({ trigger_id, view: modal() })
        .catch((error) => refusals.push(error.data.error));
    });
  });
  const hana = bare.simulator.as("U0HANA");
  const first = await hana.command("C0ACMEHELP", "/ticket");

  const second = await hana.pressForModal(first, "Deeper");
  const third = await hana.pressForModal(second, "Deeper");
  await hana.press(third, "Deeper");
  await expect.poll(() => refusals).toEqual(["push_limit_reached"]);
  await hana.close(third);

  expect(hana.modals().map((each) => each.id)).toEqual([first?.id, second.id]);
  const [, view] = bare.simulator.world.views();
  expect(view).toMatchObject({ rootViewId: first?.id, previousViewId: first?.id });
});

it("keeps what was typed through an update and refuses the update that comes late", async () => {
  const conflicts: unknown[] = [];
  const states: unknown[] = [];
  await using bare = await startBareApp("http", (app) => {
    openOnCommand(app);
    app.action("place", async ({ ack, client, body }) => {
      await ack();
      if (!("view" in body) || !body.view) return;
      states.push(body.view.state.values.subject?.text?.value);
      const { id: view_id, hash } = body.view;
      await client.views.update({ view_id, hash, view: modal("Changed") });
      await client.views
        .update({ view_id, hash, view: modal("Again") })
        .catch((error) => conflicts.push(error.data.error));
    });
  });
  const { simulator } = bare;
  const hana = simulator.as("U0HANA");
  const opened = await hana.command("C0ACMEHELP", "/ticket");
  await hana.choose(opened, "subject", "VPN is down");

  await hana.choose(opened, "where", "Tokyo");
  await expect.poll(() => conflicts).toEqual(["hash_conflict"]);

  const [shown] = hana.modals();
  expect(states).toEqual(["VPN is down"]);
  expect(shown?.title).toBe("Changed");
  expect(shown?.values.subject?.text?.value).toBe("VPN is down");
  expect(shown?.values.where?.place?.selected_option).toMatchObject({ value: "tokyo" });
});

it("checks what is required and how long it is before the app hears anything", async () => {
  let submissions = 0;
  await using bare = await startBareApp("http", (app) => {
    openOnCommand(app);
    app.view("any", async ({ ack }) => {
      submissions++;
      await ack({ response_action: "clear" });
    });
  });
  const hana = bare.simulator.as("U0HANA");
  const opened = await hana.command("C0ACMEHELP", "/ticket");

  const empty = await hana.submit(opened, { subject: "" });
  const long = await hana.submit(opened, { subject: "x".repeat(21) });
  const blank = await hana.submit(opened, { subject: "   " });

  expect(empty.errors).toEqual({ subject: "Please complete this required field." });
  expect(long.errors).toEqual({ subject: "Must be less than 21 characters" });
  expect(blank).toEqual({});
  expect(submissions).toBe(1);
});

it("tells of a closed modal where the app asked for it", async () => {
  const closed: unknown[] = [];
  await using bare = await startBareApp("http", (app) => {
    openOnCommand(app, { notify_on_close: true });
    app.view({ type: "view_closed", callback_id: "any" }, async ({ ack, body }) => {
      await ack();
      closed.push([body.view.id, "is_cleared" in body && body.is_cleared]);
    });
  });
  const hana = bare.simulator.as("U0HANA");
  const opened = await hana.command("C0ACMEHELP", "/ticket");

  await hana.close(opened);

  expect(closed).toEqual([[opened?.id, false]]);
  expect(hana.modals()).toEqual([]);
});

it("gives one trigger one modal, and none to another workspace's token", async () => {
  const outcomes: unknown[] = [];
  await using bare = await startBareApp("http", (app) => {
    app.command("/ticket", async ({ ack, command }) => {
      await ack();
      for (const team of ["T0KUMO", "T0ACME", "T0ACME"]) {
        const opening = clientOf(bare.simulator, team).views.open({
          trigger_id: command.trigger_id,
          view: modal(),
        });
        outcomes.push(
          await opening.then(
            () => "opened",
            (error) => error.data.error,
          ),
        );
      }
    });
  });

  const opened = await bare.simulator.as("U0HANA").command("C0ACMEHELP", "/ticket");
  await expect
    .poll(() => outcomes)
    .toEqual(["invalid_trigger_id", "opened", "exchanged_trigger_id"]);

  const foreign = clientOf(bare.simulator, "T0KUMO").views.update({
    view_id: String(opened?.id),
    view: modal(),
  });
  await expect(foreign).rejects.toMatchObject({ data: { error: "not_found" } });
});

it("says where a stranger is from and where the app is", async () => {
  const submitted: unknown[] = [];
  await using bare = await startBareApp("http", (app) => {
    app.event("message", async () => {});
    app.action("deeper", async ({ ack, client, body }) => {
      await ack();
      const trigger_id = "trigger_id" in body ? String(body.trigger_id) : "";
      await client.views.open({ trigger_id, view: modal() });
    });
    app.view("any", async ({ ack, body }) => {
      submitted.push([body.team?.id, body.user.team_id, body.view.app_installed_team_id]);
      await ack();
    });
  });
  const { simulator } = bare;
  const { ts } = await clientOf(simulator, "T0KUMO").chat.postMessage({
    channel: "C0EXTBETA",
    text: "Submit a ticket",
    blocks: modal().blocks.filter((block) => block.type === "actions"),
  });
  const sol = simulator.as("U0SOL");

  const opened = await sol.pressForModal(ts, "Deeper");
  await sol.submit(opened, { subject: "From Beta" });

  expect(submitted).toEqual([["T0BETA", "T0BETA", "T0KUMO"]]);
  expect(sol.modals()).toEqual([]);
});

function openOnCommand(app: App, more: Partial<ModalView> = {}): void {
  app.command("/ticket", async ({ ack, client, command }) => {
    await client.views.open({ trigger_id: command.trigger_id, view: { ...modal(), ...more } });
    await ack();
  });
}

function modal(title = "Any"): ModalView {
  const plain = (text: string) => ({ type: "plain_text" as const, text });
  return {
    type: "modal",
    callback_id: "any",
    title: plain(title),
    submit: plain("Send"),
    blocks: [
      {
        type: "input",
        block_id: "subject",
        label: plain("Subject"),
        element: { type: "plain_text_input", action_id: "text", max_length: 20 },
      },
      {
        type: "input",
        block_id: "where",
        optional: true,
        dispatch_action: true,
        label: plain("Where"),
        element: {
          type: "static_select",
          action_id: "place",
          options: [
            { text: plain("Tokyo"), value: "tokyo" },
            { text: plain("Osaka"), value: "osaka" },
          ],
        },
      },
      {
        type: "actions",
        block_id: "more",
        elements: [{ type: "button", action_id: "deeper", text: plain("Deeper") }],
      },
    ],
  };
}

function clientOf(simulator: Simulator, team: string): WebClient {
  return new WebClient(simulator.tokens[team], {
    slackApiUrl: simulator.apiUrl,
    retryConfig: { retries: 0 },
  });
}
