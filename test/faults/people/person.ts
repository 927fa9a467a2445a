import { setTimeout as sleep } from "node:timers/promises";
import { fill, pressable, type Typed } from "#simulator/fill.ts";
import type {
  Act,
  Acted,
  Block,
  MessageView,
  ModalView,
  World as Sight,
  Uploaded,
} from "#simulator/page/contract.ts";
import { textOf } from "../../support/ticket-walk.ts";

const FORM_MS = 3500; // a trigger lives 3 seconds
const LOOK_MS = 50;

type Doing = Act extends infer A ? (A extends Act ? Omit<A, "as"> : never) : never;
type Place = Extract<Act, { do: "action" }>["at"];
/** Where a button is, and what the message shows. */
type Shown = { channel: string; ts: string; blocks: Block[] };

/** One person in Slack, through the simulator's page: they see and do what a browser would. */
export type Person = {
  userId: string;
  command(channel: string, command: string, text: string): Promise<Acted>;
  press(at: Shown, button: string): Promise<Acted>;
  submit(modal: ModalView, values: Record<string, Typed>): Promise<Acted>;
  /** A button in a form. */
  pressIn(modal: ModalView, button: string): Promise<Acted>;
  /** `files`: ids of what was chosen. */
  send(channel: string, text: string, threadTs?: string, files?: string[]): Promise<Acted>;
  /** A message of their own. */
  erase(channel: string, ts: string): Promise<Acted>;
  /** The file's id; nobody else sees it before it is sent. */
  chooseFile(name: string, content: string): Promise<string>;
  /** Of a file that they see. */
  download(fileId: string): Promise<Buffer>;
  openHome(): Promise<Acted>;
  close(modal: ModalView): Promise<Acted>;
  modal(): Promise<ModalView | undefined>;
  home(): Promise<Sight["home"]>;
  messages(channel: string, thread?: string): Promise<MessageView[]>;
  /** The form that comes after doing this; nothing when none came in time. */
  formAfter(act: () => Promise<Acted>): Promise<ModalView | undefined>;
};

export function personAt(url: string, userId: string): Person {
  const act = async (doing: Doing): Promise<Acted> => {
    const answer = await fetch(new URL("/sim/act", url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ as: userId, ...doing }),
    });
    if (!answer.ok) throw new Error(`the simulator said ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Acted; // the page's own contract
  };
  const at = (path: string, query: Record<string, string>): URL => {
    const asked = new URL(path, url);
    asked.search = new URLSearchParams({ as: userId, ...query }).toString();
    return asked;
  };
  const see = async <T>(path: string, query: Record<string, string> = {}): Promise<T> =>
    (await (await fetch(at(path, query))).json()) as T; // as above
  const pressAt = async (at: Place, blocks: Block[], button: string): Promise<Acted> => {
    const found = buttonIn(blocks, button);
    if (!found) return { ok: false, errors: { button: `${button} is not there any more` } };
    const { blockId, element } = found;
    const { type, action_id: actionId } = element;
    return act({
      do: "action",
      at,
      blockId,
      actionId: String(actionId),
      element: { type: String(type) },
    });
  };
  const modal = async () => (await see<Sight>("/sim/world")).modals.at(-1);

  return {
    userId,
    modal,
    command: (channel, command, text) => act({ do: "command", channel, command, text }),
    press: ({ channel, ts, blocks }, button) =>
      pressAt({ message: { channel, ts } }, blocks, button),
    pressIn: ({ id, blocks, values }, button) => pressAt({ viewId: id, values }, blocks, button),
    submit: ({ id, blocks }, values) =>
      act({ do: "submit", viewId: id, values: fill(blocks, values) }),
    send: (channel, text, threadTs, files) =>
      act({ do: "send", channel, text, ...(threadTs && { threadTs }), ...(files && { files }) }),
    erase: (channel, ts) => act({ do: "delete", channel, ts }),
    async chooseFile(name, content) {
      const answer = await fetch(at("/sim/upload", { name }), {
        method: "POST",
        headers: { "content-type": "application/octet-stream" },
        body: content,
      });
      if (!answer.ok) throw new Error(`the simulator took no file: ${answer.status}`);
      return ((await answer.json()) as Uploaded).id; // as above
    },
    async download(id) {
      const answer = await fetch(at("/sim/file", { id }));
      if (!answer.ok) throw new Error(`${userId} does not see the file ${id}`);
      return Buffer.from(await answer.arrayBuffer());
    },
    openHome: () => act({ do: "open-home" }),
    close: ({ id }) => act({ do: "close", viewId: id }),
    home: async () => (await see<Sight>("/sim/world")).home,
    async messages(channel, thread) {
      const query = { channel, ...(thread && { thread }) };
      return (await see<{ messages: MessageView[] }>("/sim/messages", query)).messages;
    },
    async formAfter(act) {
      const before = (await modal())?.id;
      const deadline = Date.now() + FORM_MS;
      const acted = await act();
      for (;;) {
        const now = await modal();
        if (now && now.id !== before) return now;
        if (!acted.ok || Date.now() > deadline) return undefined;
        await sleep(LOOK_MS);
      }
    },
  };
}

export function wordsOf(modal: ModalView | undefined): string {
  return textOf(modal?.blocks);
}

/** Others work on the same ticket: a card may have changed since it was looked at. */
function buttonIn(blocks: MessageView["blocks"], button: string) {
  try {
    return pressable(blocks, button);
  } catch {
    return undefined;
  }
}
