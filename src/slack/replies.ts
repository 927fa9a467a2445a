import type { ViewSubmitAction } from "@slack/bolt";
import type { ModalView } from "@slack/types";
import type { Logger } from "pino";
import type { Language } from "#db/tables.ts";
import { Problem } from "#errors.ts";
import type { Metrics } from "#metrics.ts";
import { type Texts, textsOf } from "#text/texts.ts";
import { BARE, type Message, section } from "./blocks.ts";
import type { BoltApp } from "./bolt.ts";
import type { CallSlack } from "./clients.ts";
import { guarded, onlyOnce, type Words } from "./guarded.ts";
import { type Better, createModals, type Draw, withSentence } from "./modals.ts";
import { asPlain } from "./mrkdwn.ts";
import {
  type RawBody,
  readAction,
  readCaller,
  readMessage,
  readValues,
  type ShortcutMessage,
  type Values,
} from "./payloads.ts";
import type { People } from "./people.ts";
import { createRespond } from "./respond.ts";

/** Who pressed, typed or submitted, through which workspace, and in which language we answer. */
export type Caller = {
  /** The workspace whose installation heard it. */
  teamId: string;
  userId: string;
  name: string;
  language: Language;
  texts: Texts;
  /** The workspace they belong to: another one in a shared channel. */
  homeTeamId: string;
};

type Call = {
  caller: Caller;
  /** The same when Slack delivers it again: the inbox key of rule 4. */
  key: string;
  /**
   * Opens a modal. Slack waits 3 seconds for it, so nothing slow before; what must be asked first is asked while it
   * stands, and `better` draws it again when that says so.
   */
  open(draw: Draw, better?: Better): Promise<void>;
};
export type CommandCall = Call & {
  channelId: string;
  text: string;
  /** Answers in the channel, to this person only. */
  answer(message: Message): Promise<void>;
};
export type PressCall = Call & {
  /** The button's value: what was pressed, never a right to press it. */
  value: string;
  channelId: string | undefined;
  /** Tells this person alone. */
  answer(message: Message, how?: "replace"): Promise<void>;
};
/** A shortcut of Slack's menus: the global one knows no place, the one of a message knows which. */
export type ShortcutCall = Call & {
  channelId: string | undefined;
  message: ShortcutMessage | undefined;
};
export type ChangeCall = {
  caller: Caller;
  /** What was pressed or chosen. */
  value: string;
  /** All fields as they are now. */
  values: Values;
  metadata: string;
  /** Draws the modal again; what was typed stays where a field stays. */
  redraw(view: ModalView): Promise<void>;
};
export type SubmitCall = Omit<Call, "open"> & {
  values: Values;
  metadata: string;
  /** Keeps the modal open with a sentence at each field. */
  refuse(errors: Record<string, string>): Promise<void>;
  /** Replaces the modal. */
  show(view: ModalView): Promise<void>;
  close(): Promise<void>;
};
export type EventCall = { teamId: string; eventId: string; event: Record<string, unknown> };

/** Slack's door: the one place where interactions come in, and where everything thrown is turned into words. */
export type Door = {
  /** "opens-at-once": the handler opens a modal, so nobody is asked about before it. */
  command(
    name: `/${string}`,
    handler: (call: CommandCall) => Promise<void>,
    how?: "opens-at-once",
  ): void;
  press(actionId: string, handler: (call: PressCall) => Promise<void>, how?: "opens-at-once"): void;
  /** Always opens a modal, at once. */
  shortcut(callbackId: string, handler: (call: ShortcutCall) => Promise<void>): void;
  submit(callbackId: string, handler: (call: SubmitCall) => Promise<void>): void;
  /** A field by which its modal changes; `actionId` is that of all of its fields which do. */
  change(actionId: string, handler: (call: ChangeCall) => Promise<void>): void;
  event(name: string, handler: (call: EventCall) => Promise<void>): void;
};

/** The two events about the installation itself: they come without a token. */
const LIFECYCLE = ["app_uninstalled", "tokens_revoked"];

type Needs = {
  bolt: BoltApp;
  callSlack: CallSlack;
  people: People;
  apiUrl: string;
  log: Logger;
  metrics: Metrics;
};

export function openDoor(needs: Needs): Door {
  const { bolt, callSlack, people, apiUrl, log, metrics } = needs;
  const { app } = bolt;
  const respond = createRespond(apiUrl, metrics);
  const modals = createModals({ callSlack, people, log });
  const changes = new Map<string, symbol>(); // the newest choice in each form that is being drawn again

  function callOf(body: RawBody, acknowledge: () => Promise<void>) {
    const caller = readCaller(body, people);
    const triggerId = body.trigger_id ?? "";
    return {
      caller,
      key: triggerId,
      open: (draw: Draw, better?: Better) =>
        modals.open({ caller, triggerId, acknowledge }, draw, better),
    };
  }
  /** Where it was pressed; a press on the Home tab or in a modal has no such place, and is answered in the DM. */
  async function tell(
    { teamId, userId }: Caller,
    responseUrl: string | undefined,
    message: Message,
    how?: "replace",
  ): Promise<void> {
    if (respond.mayCall(responseUrl)) return respond.to(responseUrl, message, how);
    await callSlack(teamId, (client) =>
      client.chat.postMessage({ channel: userId, ...message, ...BARE }),
    );
  }
  function nameIn({ teamId }: Caller) {
    return (userId: string) => people.known({ teamId, userId })?.name;
  }
  /** Whoever is not known yet is asked about once, briefly; without an answer we go on in English. */
  async function met(caller: Caller): Promise<Caller> {
    const person = await people.meet(caller);
    if (!person) return caller;
    const { name, language } = person;
    return { ...caller, name, language, texts: textsOf(language) };
  }
  function wordsFor(caller: Caller): Words {
    return { atOnce: caller.texts, own: async () => (await met(caller)).texts };
  }

  return {
    command(name, handler, how) {
      app.command(name, async ({ ack, body, context }) => {
        const reply = onlyOnce(ack);
        const call = callOf(body as RawBody, reply.say);
        const answer = (message: Message) =>
          reply.isDone()
            ? tell(call.caller, body.response_url, message)
            : reply.say({ response_type: "ephemeral", ...message });
        await guarded(wordsFor(call.caller), needs, {
          reply,
          work: async () => {
            mustBeConnected(context);
            const caller = how === "opens-at-once" ? call.caller : await met(call.caller);
            await handler({ ...call, caller, channelId: body.channel_id, text: body.text, answer });
          },
          sorry: (sentence) => answer(messageOf(sentence)),
        });
        await reply.say();
      });
    },

    press(actionId, handler, how) {
      app.action({ type: "block_actions", action_id: actionId }, async ({ ack, body, context }) => {
        const raw = body as RawBody;
        const reply = onlyOnce(ack);
        const call = callOf(raw, reply.say);
        const answer = async (message: Message, how?: "replace") => {
          await reply.say();
          await tell(call.caller, raw.response_url, message, how);
        };
        await guarded(wordsFor(call.caller), needs, {
          reply,
          work: async () => {
            mustBeConnected(context);
            await handler({
              ...call,
              caller: how === "opens-at-once" ? call.caller : await met(call.caller),
              value: readAction(raw),
              channelId: raw.channel?.id,
              answer,
            });
          },
          sorry: (sentence) => answer(messageOf(sentence)),
        });
        await reply.say();
      });
    },

    shortcut(callbackId, handler) {
      app.shortcut(callbackId, async ({ ack, body, context }) => {
        const raw = body as RawBody;
        const reply = onlyOnce(ack);
        const call = callOf(raw, reply.say);
        await guarded(wordsFor(call.caller), needs, {
          reply,
          work: async () => {
            mustBeConnected(context);
            await handler({ ...call, channelId: raw.channel?.id, message: readMessage(raw) });
          },
          sorry: async (sentence) => {
            await reply.say();
            await tell(call.caller, raw.response_url, messageOf(sentence));
          },
        });
        await reply.say();
      });
    },

    submit(callbackId, handler) {
      app.view<ViewSubmitAction>(callbackId, async ({ ack, body, view, context }) => {
        const caller = readCaller(body as RawBody, people);
        const reply = onlyOnce(ack);
        const refuse = (errors: Record<string, string>) =>
          reply.say({ response_action: "errors", errors });
        const firstInput = view.blocks.find((block) => block.type === "input")?.block_id;
        await guarded(wordsFor(caller), needs, {
          reply,
          work: async () => {
            mustBeConnected(context);
            await handler({
              caller,
              key: view.id,
              values: readValues(view.state.values),
              metadata: view.private_metadata,
              refuse,
              show: (shown) => reply.say({ response_action: "update", view: shown }),
              close: () => reply.say(),
            });
          },
          sorry: (sentence) =>
            firstInput
              ? refuse({ [firstInput]: asPlain(sentence, nameIn(caller)) })
              : reply.say({ response_action: "update", view: withSentence(view, sentence) }),
          whenUnsaved: "not-saved",
        });
        await reply.say();
      });
    },

    change(actionId, handler) {
      app.action({ type: "block_actions", action_id: actionId }, async ({ ack, body, context }) => {
        const raw = body as RawBody;
        await ack();
        const { id = "", state, private_metadata: metadata = "" } = raw.view ?? {};
        if (!state) return; // not in a modal
        const change = Symbol(id);
        changes.set(id, change);
        const isNewest = () => changes.get(id) === change;
        try {
          mustBeConnected(context);
          const caller = await met(readCaller(raw, people));
          const shown = raw.view ?? {};
          const redraw = async (drawn: ModalView) =>
            void (await modals.update(caller.teamId, shown, drawn, isNewest));
          await handler({
            caller,
            value: readAction(raw),
            values: readValues(state.values),
            metadata,
            redraw,
          });
        } catch (err) {
          log.warn({ err }, "a form was not drawn again"); // its submission is checked all the same
        } finally {
          if (isNewest()) changes.delete(id);
        }
      });
    },

    event(name, handler) {
      app.event(name, async ({ body, event, context }) => {
        const teamId = context.teamId ?? body.team_id;
        const facts = { event: name, eventId: body.event_id, teamId };
        try {
          if (!LIFECYCLE.includes(name)) mustBeConnected(context);
          // Each handler parses what it needs.
          await handler({ teamId, eventId: body.event_id, event: { ...event } });
        } catch (err) {
          log.warn({ ...facts, err }, "an event was not handled");
          if (!(err instanceof Problem)) throw err; // Slack delivers it again
        }
      });
    },
  };
}

/** Refuses an unknown workspace with a sentence; one that could not be looked up is an outage. */
function mustBeConnected(context: { botToken?: string | undefined; unsure?: unknown }): void {
  if (context.unsure) throw context.unsure;
  if (!context.botToken) throw new Problem("workspace-unknown", {});
}

function messageOf(sentence: string): Message {
  return { text: sentence, blocks: [section(sentence)] };
}
