import { expect, it } from "vitest";
import { startBareApp, ticketModal } from "../support/bare-app.ts";

it("opens a modal from a command, shows its errors in place and updates it", async () => {
  await using bare = await startBareApp("http", (app) => {
    app.command("/ticket", async ({ ack, client, command }) => {
      await ack();
      await client.views.open({ trigger_id: command.trigger_id, view: ticketModal(command.text) });
    });
    app.view("ticket", async ({ ack, view }) => {
      const subject = view.state.values.subject?.text?.value;
      if (subject === "bad") {
        await ack({ response_action: "errors", errors: { subject: "Not this one." } });
        return;
      }
      await ack({
        response_action: "update",
        view: {
          type: "modal",
          title: { type: "plain_text", text: "Filed" },
          blocks: view.blocks.slice(1),
        },
      });
    });
  });
  const hana = bare.simulator.as("U0HANA");

  const modal = await hana.command("C0ACMEHELP", "/ticket", "VPN");
  const refused = await hana.submit(modal, { subject: "bad" });
  const updated = await hana.submit(modal, { subject: "VPN is down" });

  expect(modal?.values.subject?.text).toEqual({ type: "plain_text_input", value: "VPN" });
  expect(refused.errors).toEqual({ subject: "Not this one." });
  expect(updated.modal?.title).toBe("Filed");
});

it("tells the app of a message, its own answer included, and carries a press back", async () => {
  const heard: Record<string, unknown>[] = [];
  await using bare = await startBareApp("http", (app) => {
    app.use(async ({ body, next }) => {
      if ("event" in body) heard.push(body);
      await next();
    });
    app.message("hello", async ({ client, event }) => {
      await client.chat.postMessage({
        channel: event.channel,
        thread_ts: event.ts,
        text: "Hi",
        metadata: { event_type: "greeting", event_payload: { key: "1" } },
        blocks: [
          {
            type: "actions",
            block_id: "doors",
            elements: [
              {
                type: "button",
                action_id: "take",
                text: { type: "plain_text", text: "Take" },
                value: "7",
              },
            ],
          },
        ],
      });
    });
    app.action("take", async ({ ack, body, respond, action }) => {
      await ack();
      await respond({ text: `taken ${"value" in action ? action.value : ""} by ${body.user.id}` });
    });
  });
  const { simulator } = bare;
  const tom = simulator.as("U0TOM");

  const sent = await tom.send("C0ACMEHELP", "hello <you> & me, see https://example.com");
  const reply = await simulator.until(() => tom.thread("C0ACMEHELP", sent.ts)[1]);
  await tom.press(reply, "Take");
  const answer = await simulator.until(() =>
    tom.thread("C0ACMEHELP", sent.ts).find((each) => each.ephemeral),
  );

  expect(sent.text).toBe("hello &lt;you&gt; &amp; me, see <https://example.com>");
  expect(answer.text).toBe("taken 7 by U0TOM");
  expect(heard).toMatchObject([
    {
      team_id: "T0ACME",
      event: { type: "message", channel_type: "channel", user: "U0TOM", ts: sent.ts },
    },
    {
      event: {
        bot_id: "B0DLACME",
        app_id: "A0DESKLINE",
        user: "U0DLACME",
        thread_ts: sent.ts,
        metadata: { event_type: "greeting", event_payload: { key: "1" } },
      },
    },
  ]);
});
