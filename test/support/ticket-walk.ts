import { expect } from "vitest";
import type { Actor } from "#simulator/actor.ts";
import type { Block, MessageView, ModalView } from "#simulator/page/contract.ts";
import { AGENTS, HELP, type TestApp } from "./app.ts";

const WAIT_MS = 20_000;

/** What a ticket needs, and no more. */
export const FACTS = {
  description: "今朝から、全員がログインできません。",
  what: "nothing-works",
  who: "all",
  workaround: "none",
  priority: "normal",
};

export type Walk = ReturnType<typeof walk>;

/** What the people of a test do and see, in their words. */
export function walk({ simulator }: Pick<TestApp, "simulator">, waitMs = WAIT_MS) {
  const until = <T>(probe: () => T | undefined | false) => simulator.until(probe, waitMs);
  const as = (id: string) => simulator.as(id);

  async function file(who: Actor, channel: string, subject: string): Promise<string> {
    const modal = await who.command(channel, "/ticket", subject);
    return submitFiled(who, modal?.id);
  }
  async function submitFiled(who: Actor, modalId: string | undefined): Promise<string> {
    const { modal, errors } = await who.submit(modalId, FACTS);
    const number = /DL-\d+/.exec(textOf(modal?.blocks))?.[0];
    if (!number) throw new Error(`No number: ${JSON.stringify(errors ?? modal)}`);
    await who.close(modal);
    return number;
  }
  const card = (who: Actor, channel: string, number: string) =>
    until(() => latest(who.messages(channel), number));
  const triage = (number: string) => card(as("U0AKI"), AGENTS, number);

  return {
    as,
    until,
    file,
    submitFiled,
    card,
    triage,
    /** Filed by Hana in #help, with both cards there. */
    async filed(subject = "ログインできない") {
      const number = await file(as("U0HANA"), HELP, subject);
      return { number, card: await card(as("U0HANA"), HELP, number), triage: await triage(number) };
    },
    /** Waits until a message of this thread says it. */
    inThread: (who: Actor, root: MessageView, words: string) =>
      until(() =>
        who
          .thread(root.channel, root.ts)
          .slice(1)
          .find((each) => says(each, words)),
      ),
    /** Waits until the message itself says it. */
    shows: (who: Actor, at: MessageView, words: string) =>
      until(() => {
        const now = who.messages(at.channel).find(({ ts }) => ts === at.ts);
        return now && says(now, words) ? now : undefined;
      }),
    /** Waits until the buttons under a message of a thread are gone; its words stay as they were. */
    async loses(who: Actor, before: MessageView): Promise<void> {
      const { channel, ts, threadTs = ts } = before;
      const now = await until(() =>
        who
          .thread(channel, threadTs)
          .find((each) => each.ts === ts && buttonsOf(each).length === 0),
      );
      const blocks = before.blocks.filter(({ type }) => type !== "actions");
      expect(now).toEqual({ ...before, blocks });
    },
    /** Does something, and gives the sentence that only this person then reads in the channel. */
    async told(who: Actor, channel: string, act: () => Promise<unknown>): Promise<MessageView> {
      const before = new Set(who.ephemerals(channel).map(({ ts }) => ts));
      await act();
      return until(() => who.ephemerals(channel).find(({ ts }) => !before.has(ts)));
    },
  };
}

/** What the form turns into when it is sent. */
export async function formAfter(
  who: Actor,
  form: ModalView,
  values: Record<string, string> = {},
): Promise<ModalView> {
  const { modal, errors } = await who.submit(form, values);
  if (!modal) throw new Error(`Nothing came of it: ${JSON.stringify(errors)}`);
  return modal;
}

export function says(message: MessageView, words: string): boolean {
  return `${message.text}\n${textOf(message.blocks)}`.includes(words);
}

/** Every text of the blocks, one line each, from top to bottom. */
export function textOf(blocks: unknown): string {
  const lines: string[] = [];
  const read = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return;
    for (const [key, inner] of Object.entries(part)) {
      if (key === "text" && typeof inner === "string") lines.push(inner);
      else read(inner);
    }
  };
  read(blocks);
  return lines.join("\n");
}

/** The labels of the buttons, from left to right; without what is behind dots. */
export function buttonsOf({ blocks }: { blocks: Block[] }): string[] {
  return blocks
    .filter(({ type }) => type === "actions")
    .flatMap(({ elements }) => (Array.isArray(elements) ? elements : []))
    .filter(({ type }) => type !== "overflow")
    .map((element) => textOf([element]));
}

function latest(messages: MessageView[], number: string): MessageView | undefined {
  return messages.findLast((message) => says(message, number));
}
