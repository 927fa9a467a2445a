import type { App } from "@slack/bolt";
import type { KnownBlock, ModalView } from "@slack/types";

/** A plain Bolt app that does on the page what a ticket app does, and nothing more. */
export function registerPageApp(app: App): void {
  app.command("/ticket", async ({ ack, client, command }) => {
    await ack();
    const view = ticketModal(command.channel_id, command.text, false);
    await client.views.open({ trigger_id: command.trigger_id, view });
  });

  app.command("/tickets", async ({ ack }) => ack("You have no tickets yet."));

  // Never answered: the person must hear of it from Slack.
  app.command("/support-access", async () => {});

  app.shortcut("anywhere", async ({ ack, client, shortcut }) => {
    await ack();
    const view = ticketModal("C0ACMEHELP", "", false);
    await client.views.open({ trigger_id: shortcut.trigger_id, view });
  });

  app.shortcut("about", async ({ ack, client, shortcut }) => {
    await ack();
    if (shortcut.type !== "message_action") return;
    const view = ticketModal(shortcut.channel.id, shortcut.message.text ?? "", false);
    await client.views.open({ trigger_id: shortcut.trigger_id, view });
  });

  app.view("ticket", async ({ ack, client, body, view }) => {
    const subject = view.state.values.subject?.text?.value ?? "";
    if (subject === "bad")
      return ack({ response_action: "errors", errors: { description: "Say more about it." } });
    if (subject === "hang") return undefined;
    await ack();
    await client.chat.postMessage({
      channel: view.private_metadata,
      text: subject,
      blocks: card(subject, `<@${body.user.id}>`, "New"),
    });
    return undefined;
  });

  app.action("urgent", async ({ ack, client, body }) => {
    await ack();
    if (body.type !== "block_actions" || !body.view) return;
    const { id, hash, private_metadata: channel } = body.view;
    await client.views.update({ view_id: id, hash, view: ticketModal(channel, "", true) });
  });

  app.action("help", async ({ ack, client, body }) => {
    await ack();
    if (body.type !== "block_actions") return;
    await client.views.push({ trigger_id: body.trigger_id, view: helpModal() });
  });

  app.action("take", async ({ ack, client, body }) => {
    await ack();
    if (body.type !== "block_actions" || !body.message || !body.channel) return;
    const { ts, text = "" } = body.message;
    const channel = body.channel.id;
    const blocks = card(text, "<@U0HANA>", `Open, taken by <@${body.user.id}>`);
    await client.chat.update({ channel, ts, text, blocks });
    await client.chat.postMessage({ channel, thread_ts: ts, text: "Somebody is on it." });
  });

  app.event("app_home_opened", async ({ client, event }) => {
    if (event.tab !== "home") return;
    await client.views.publish({
      user_id: event.user,
      view: { type: "home", blocks: everyElement() },
    });
  });
}

function ticketModal(channel: string, subject: string, isUrgent: boolean): ModalView {
  return {
    type: "modal",
    callback_id: "ticket",
    private_metadata: channel,
    title: plain("Submit a ticket"),
    submit: plain("Submit"),
    close: plain("Cancel"),
    blocks: [
      {
        type: "input",
        block_id: "subject",
        label: plain("Subject"),
        element: {
          type: "plain_text_input",
          action_id: "text",
          max_length: 150,
          ...(subject && { initial_value: subject }),
        },
      },
      {
        type: "input",
        block_id: "urgency",
        label: plain("Is it urgent?"),
        dispatch_action: true,
        optional: true,
        element: {
          type: "radio_buttons",
          action_id: "urgent",
          options: [option("yes", "Yes"), option("no", "No")],
        },
      },
      ...(isUrgent ? [reason] : []),
      {
        type: "input",
        block_id: "description",
        label: plain("Description"),
        hint: plain("What happens, and since when?"),
        optional: true,
        element: { type: "plain_text_input", action_id: "text", multiline: true },
      },
      {
        type: "actions",
        block_id: "more",
        elements: [{ type: "button", action_id: "help", text: plain("What is urgent?") }],
      },
    ],
  };
}

const reason: KnownBlock = {
  type: "input",
  block_id: "reason",
  label: plain("Why is it urgent?"),
  element: { type: "plain_text_input", action_id: "text" },
};

function helpModal(): ModalView {
  return {
    type: "modal",
    title: plain("What is urgent"),
    close: plain("Back"),
    blocks: [{ type: "alert", level: "info", text: mrkdwn("*Nothing* works for anyone.") }],
  };
}

function card(subject: string, who: string, status: string): KnownBlock[] {
  return [
    { type: "header", text: plain(subject) },
    { type: "section", fields: [mrkdwn(`*Status*\n${status}`), mrkdwn(`*From*\n${who}`)] },
    {
      type: "actions",
      elements: [{ type: "button", action_id: "take", style: "primary", text: plain("Take") }],
    },
  ];
}

/** One of each thing a person can use, so that each is looked at. */
function everyElement(): KnownBlock[] {
  const placeholder = plain("Choose one");
  return [
    {
      type: "section",
      text: mrkdwn("Your *tickets*"),
      accessory: {
        type: "static_select",
        action_id: "filter",
        placeholder,
        options: [option("open", "Open"), option("solved", "Solved")],
      },
    },
    {
      type: "actions",
      elements: [
        { type: "button", action_id: "open", text: plain("Open") },
        {
          type: "button",
          action_id: "delete",
          style: "danger",
          text: plain("Delete"),
          confirm: { title: plain("Really?"), text: mrkdwn("It is *gone* then.") },
        },
        { type: "users_select", action_id: "who", placeholder: plain("A person") },
        { type: "conversations_select", action_id: "where", placeholder: plain("A channel") },
        { type: "datepicker", action_id: "when", placeholder: plain("A day") },
        {
          type: "overflow",
          action_id: "more",
          options: [option("copy", "Copy the link"), option("hide", "Hide")],
        },
      ],
    },
    {
      type: "section",
      text: mrkdwn("Tell me about"),
      accessory: {
        type: "checkboxes",
        action_id: "about",
        options: [option("replies", "Replies"), option("status", "Status")],
      },
    },
    { type: "context", elements: [mrkdwn("Since <!date^1800000000^{date}|then>")] },
  ];
}

function plain(text: string) {
  return { type: "plain_text" as const, text };
}

function mrkdwn(text: string) {
  return { type: "mrkdwn" as const, text };
}

function option(value: string, label: string) {
  return { value, text: plain(label) };
}
