import {
  answers,
  blocksAt,
  done,
  homeView,
  messageAt,
  modalOrAnswer,
  openedBy,
  shown,
  TRIGGER_MS,
  viewAt,
  type Where,
} from "./actor-sight.ts";
import { act, type Outcome } from "./acts.ts";
import { keepFile } from "./files.ts";
import { elementHolding, fill, inputIn, pressable, type Typed } from "./fill.ts";
import type { Act, Block, MessageView, ModalView, StateValues } from "./page/contract.ts";
import { messagesFor, messageView, modalView } from "./page-world.ts";
import type { Message } from "./records.ts";
import type { Sim } from "./sim.ts";
import type { Trigger } from "./triggers.ts";
import { untilTrue } from "./until.ts";
import { modalsOf } from "./views.ts";

export type Submitted = { errors?: Record<string, string>; modal?: ModalView };

/** What one person does and sees. Every act throws with Slack's own sentence where Slack refuses it. */
export type Actor = {
  /** Runs a slash command; the modal it opened, or nothing once it was answered in words. */
  command(channel: string, command: string, text?: string): Promise<ModalView | undefined>;
  /** Chooses one of the app's shortcuts by its callback, with a message in that message's menu; the modal it opened. */
  shortcut(callbackId: string, message?: { channel: string; ts: string }): Promise<ModalView>;
  send(channel: string, text: string, threadTs?: string, files?: string[]): Promise<Message>;
  /** Chooses a file, to be sent or submitted by its id. */
  chooseFile(file: { name: string; bytes: Uint8Array }): string;
  edit(channel: string, ts: string, text: string): Promise<void>;
  delete(channel: string, ts: string): Promise<void>;
  react(channel: string, ts: string, name: string): Promise<void>;
  /** Presses a button by action_id or label; done when the app acked. */
  press(where: Where, button: string): Promise<void>;
  /** The same, and waits for the modal that the press opens. */
  pressForModal(where: Where, button: string): Promise<ModalView>;
  /** Chooses or types in one element; the app hears of it where Slack would tell it. */
  choose(where: Where, blockId: string, value: Typed): Promise<void>;
  /** Fills by block_id and submits; what the modal shows then. */
  submit(modal: Where, values?: Record<string, Typed>): Promise<Submitted>;
  close(modal: Where, all?: boolean): Promise<void>;
  openHome(): Promise<void>;
  openDm(): Promise<void>;
  inviteApp(channel: string): Promise<void>;
  removeApp(channel: string): Promise<void>;
  archive(channel: string, archived?: boolean): Promise<void>;
  /** Open modals, the visible one last. */
  modals(): ModalView[];
  messages(channel: string): MessageView[];
  thread(channel: string, ts: string): MessageView[];
  ephemerals(channel: string): MessageView[];
  home(): { blocks: Block[] } | undefined;
  /** The DM with the app, if it is open. */
  dm(): string | undefined;
};

export function actorFor(sim: Sim, userId: string): Actor {
  const me = sim.world.people.get(userId);
  if (!me) throw new Error(`The simulator has no ${userId}.`);
  const drafts = new Map<string, StateValues>();
  type Doing = Act extends infer A ? (A extends Act ? Omit<A, "as"> : never) : never;
  const perform = async (doing: Doing) => done(await act(sim, { as: userId, ...doing } as Act)); // Omit over a union loses which fields belong together

  const view = (where: Where) => viewAt(sim, userId, where);
  const typedIn = (viewId: string) => drafts.get(viewId) ?? {};

  type Element = { actionId: string; state: { type: string } };

  async function actOn(
    where: Where,
    blockId: string,
    element: Element,
  ): Promise<Outcome & { ok: true }> {
    const message = messageAt(sim, userId, where);
    const at = message
      ? { message: { channel: message.channel, ts: message.ts } }
      : where === "home"
        ? { home: true as const }
        : { viewId: view(where).id, values: typedIn(view(where).id) };
    return perform({
      do: "action",
      at,
      blockId,
      actionId: element.actionId,
      element: element.state,
    });
  }

  async function press(where: Where, button: string): Promise<Trigger | undefined> {
    const { blockId, element, option } = pressable(blocksAt(sim, userId, where), button);
    const state = { type: String(element.type), ...(option && { selected_option: option }) };
    const { trigger } = await actOn(where, blockId, { actionId: String(element.action_id), state });
    return trigger;
  }

  return {
    async command(channel, command, text = "") {
      const before = answers(sim, userId);
      const { trigger } = await perform({ do: "command", channel, command, text });
      return trigger && modalOrAnswer(sim, userId, trigger, before);
    },
    async shortcut(callbackId, message) {
      const at = message && { channel: message.channel, ts: message.ts };
      const { trigger } = await perform({ do: "shortcut", callbackId, ...(at && { message: at }) });
      return untilTrue(sim.changes, () => trigger && openedBy(sim, trigger), TRIGGER_MS);
    },
    chooseFile: (file) => keepFile(sim, me, file).id,
    async send(channel, text, threadTs, files) {
      const { message } = await perform({
        do: "send",
        channel,
        text,
        ...(threadTs && { threadTs }),
        ...(files && { files }),
      });
      if (!message) throw new Error("That was a command: use command().");
      return message;
    },
    edit: async (channel, ts, text) => void (await perform({ do: "edit", channel, ts, text })),
    delete: async (channel, ts) => void (await perform({ do: "delete", channel, ts })),
    react: async (channel, ts, name) => void (await perform({ do: "react", channel, ts, name })),
    press: async (where, button) => void (await press(where, button)),
    async pressForModal(where, button) {
      const trigger = await press(where, button);
      return untilTrue(sim.changes, () => trigger && openedBy(sim, trigger), TRIGGER_MS);
    },
    async choose(where, blockId, value) {
      const blocks = blocksAt(sim, userId, where);
      const element = inputIn(blocks, blockId);
      const state = elementHolding(element, value);
      const block = blocks.find((each) => each.block_id === blockId);
      const actionId = String(element.action_id);
      if (block?.type === "input" && block.dispatch_action !== true) {
        const { id } = view(where);
        drafts.set(id, { ...typedIn(id), [blockId]: { [actionId]: state } });
        return;
      }
      await actOn(where, blockId, { actionId, state });
    },
    async submit(modal, values = {}) {
      const { id, payload } = view(modal);
      const typed = { ...typedIn(id), ...fill(payload.blocks, values) };
      const outcome = await act(sim, { as: userId, do: "submit", viewId: id, values: typed });
      if (!outcome.ok && outcome.errors) return { errors: outcome.errors, modal: shown(sim, id) };
      done(outcome);
      const top = modalsOf(sim.world, userId).at(-1);
      return top ? { modal: modalView(top) } : {};
    },
    close: async (modal, all = false) =>
      void (await perform({ do: "close", viewId: view(modal).id, all })),
    openHome: async () => void (await perform({ do: "open-home" })),
    openDm: async () => void (await perform({ do: "open-dm" })),
    inviteApp: async (channel) => void (await perform({ do: "invite-app", channel })),
    removeApp: async (channel) => void (await perform({ do: "remove-app", channel })),
    archive: async (channel, archived = true) =>
      void (await perform({ do: "archive", channel, archived })),
    modals: () => modalsOf(sim.world, userId).map(modalView),
    messages: (channel) => messagesFor(sim, me, channel).filter((each) => !each.ephemeral),
    thread: (channel, ts) => messagesFor(sim, me, channel, ts),
    ephemerals: (channel) =>
      sim.world.ephemerals
        .filter((each) => each.onlyFor === userId && each.channel === channel)
        .map((each) => messageView(sim, each, 0)),
    home: () => homeView(sim, userId)?.payload,
    dm: () =>
      sim.world.channels
        .values()
        .find((each) => each.kind === "dm" && each.memberIds.includes(userId))?.id,
  };
}
