import type { ViewSubmitAction } from "@slack/bolt";
import type { ModalView } from "@slack/types";
import type { Logger } from "pino";
import type { Language } from "#db/tables.ts";
import { Problem } from "#errors.ts";
import { type Texts, textsOf } from "#text/texts.ts";
import { type Message, section } from "./blocks.ts";
import type { BoltApp } from "./bolt.ts";
import type { CallSlack } from "./clients.ts";
import { SlackRefused } from "./failures.ts";
import { type RawBody, readCaller, readValues, type Values } from "./payloads.ts";
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
  /** From another workspace, in a shared channel. */
  isStranger: boolean;
};

type Call = {
  caller: Caller;
  /** The same when Slack delivers it again: the inbox key of rule 4. */
  key: string;
  /** Opens a modal. Slack waits 3 seconds for it, so nothing slow before. */
  open(draw: (texts: Texts) => ModalView): Promise<void>;
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
  press(actionId: string, handler: (call: PressCall) => Promise<void>): void;
  submit(callbackId: string, handler: (call: SubmitCall) => Promise<void>): void;
  event(name: string, handler: (call: EventCall) => Promise<void>): void;
};

const ANSWER_MS = 2500; // of Slack's 3 seconds

type Needs = { bolt: BoltApp; callSlack: CallSlack; people: People; apiUrl: string; log: Logger };

export function openDoor({ bolt, callSlack, people, apiUrl, log }: Needs): Door {
  const { app } = bolt;
  const respondTo = createRespond(apiUrl);

  function callOf(body: RawBody, acknowledge: () => Promise<void>) {
    const caller = readCaller(body, people);
    const triggerId = body.trigger_id ?? "";
    return {
      caller,
      key: triggerId,
      open: async (draw: (texts: Texts) => ModalView) => {
        const isKnown = people.known(caller);
        const opening = callSlack(caller.teamId, (client) =>
          client.views.open({ trigger_id: triggerId, view: draw(caller.texts) }),
        );
        const [opened] = await Promise.all([opening.catch(explainTrigger), acknowledge()]);
        if (!isKnown) await redrawInOwnLanguage(caller, opened.view, draw);
      },
    };
  }
  /** A person met for the first time: the form stands already, and now turns into their language. */
  async function redrawInOwnLanguage(
    caller: Caller,
    view: { id?: string; hash?: string } | undefined,
    draw: (texts: Texts) => ModalView,
  ): Promise<void> {
    const { language, texts } = await met(caller);
    if (language === caller.language || !view?.id) return;
    const { id, hash } = view;
    await callSlack(caller.teamId, (client) =>
      client.views.update({ view_id: id, ...(hash && { hash }), view: draw(texts) }),
    ).catch((err) => log.debug({ err }, "the form was closed or changed meanwhile"));
  }
  /** Whoever is not known yet is asked about once, briefly; without an answer we go on in English. */
  async function met(caller: Caller): Promise<Caller> {
    if (people.known(caller)) return caller;
    const person = await people.ask(caller, "quick").catch(() => undefined);
    if (!person) return caller;
    const { name, language } = person;
    return { ...caller, name, language, texts: textsOf(language) };
  }

  return {
    command(name, handler, how) {
      app.command(name, async ({ ack, body, context }) => {
        const reply = onlyOnce(ack);
        const call = callOf(body as RawBody, reply.say);
        const answer = (message: Message) =>
          reply.isDone()
            ? respondTo(body.response_url, message)
            : reply.say({ response_type: "ephemeral", ...message });
        await guarded(call.caller, log, {
          reply,
          work: async () => {
            if (!context.botToken) throw new Problem("workspace-unknown", {});
            const caller = how === "opens-at-once" ? call.caller : await met(call.caller);
            await handler({ ...call, caller, channelId: body.channel_id, text: body.text, answer });
          },
          sorry: (sentence) => answer(messageOf(sentence)),
        });
        await reply.say();
      });
    },

    press(actionId, handler) {
      app.action({ type: "block_actions", action_id: actionId }, async ({ ack, body, context }) => {
        const raw = body as RawBody;
        const reply = onlyOnce(ack);
        const call = callOf(raw, reply.say);
        const answer = async (message: Message, how?: "replace") => {
          await reply.say();
          await respondTo(raw.response_url, message, how);
        };
        await guarded(call.caller, log, {
          reply,
          work: async () => {
            if (!context.botToken) throw new Problem("workspace-unknown", {});
            const [action] = raw.actions ?? [];
            await handler({
              ...call,
              caller: await met(call.caller),
              value: action?.value ?? action?.selected_option?.value ?? "",
              channelId: raw.channel?.id,
              answer,
            });
          },
          sorry: (sentence) => answer(messageOf(sentence)),
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
        const firstInput = view.blocks.find((block) => block.type === "input")?.block_id ?? "";
        await guarded(caller, log, {
          reply,
          work: async () => {
            if (!context.botToken) throw new Problem("workspace-unknown", {});
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
          sorry: (sentence) => refuse({ [firstInput]: sentence }),
          whenUnsaved: "not-saved",
        });
        await reply.say();
      });
    },

    event(name, handler) {
      app.event(name, async ({ body, event, context }) => {
        try {
          await handler({
            teamId: context.teamId ?? body.team_id,
            eventId: body.event_id,
            event: event as unknown as Record<string, unknown>, // each handler parses what it needs
          });
        } catch (err) {
          log.error({ event: name, eventId: body.event_id, err }, "an event was not handled");
        }
      });
    },
  };
}

/** Everything thrown becomes one sentence for the person; what is not a Problem, one log line with its reference. */
async function guarded(
  { texts }: Caller,
  log: Logger,
  how: {
    reply: { isDone(): boolean };
    work(): Promise<void>;
    sorry(sentence: string): Promise<void>;
    whenUnsaved?: "not-saved";
  },
): Promise<void> {
  const late = new Problem("not-saved", {});
  let timer: NodeJS.Timeout | undefined;
  try {
    await Promise.race([
      how.work(),
      new Promise((_resolve, reject) => {
        timer = setTimeout(() => how.reply.isDone() || reject(late), ANSWER_MS);
      }),
    ]);
  } catch (error) {
    const sentence = sentenceFor(error);
    await how.sorry(sentence).catch((err) => log.warn({ err }, "a person could not be answered"));
  } finally {
    clearTimeout(timer);
  }

  function sentenceFor(error: unknown): string {
    if (error instanceof Problem && error !== late) return texts.problem(error);
    const reference = crypto.randomUUID().slice(0, 8);
    log.error({ reference, err: error }, "an interaction failed");
    return how.whenUnsaved ? texts.problem(late) : texts.unexpected(reference);
  }
}

/** Slack takes one answer to a delivery; the second is ours to swallow. */
function onlyOnce<A extends unknown[]>(ack: (...answer: A) => Promise<void>) {
  let done = false;
  return {
    isDone: () => done,
    async say(...answer: A): Promise<void> {
      if (done) return;
      done = true;
      await ack(...answer);
    },
  };
}

/** A trigger lives 3 seconds and works once. */
function explainTrigger(error: unknown): never {
  if (error instanceof SlackRefused && /trigger/.test(error.code)) {
    throw new Problem("trigger-expired", {}, { cause: error });
  }
  throw error;
}

function messageOf(sentence: string): Message {
  return { text: sentence, blocks: [section(sentence)] };
}
