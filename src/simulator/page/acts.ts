import type { Act, Acted } from "./contract.ts";
import { refreshMessages, refreshShown, refreshWorld } from "./follow.ts";
import { showNotice } from "./notices.ts";
import { postAct } from "./requests.ts";
import { change, current, listKey, nextId } from "./store.ts";
import { wordsNow } from "./words.ts";

type Doing = Act extends infer A ? (A extends Act ? Omit<A, "as"> : never) : never;

/** Acts as the chosen person. A refusal outside a form is shown as a notice. */
export async function act(doing: Doing): Promise<Acted> {
  const acted = await actQuietly(doing);
  if (!acted.ok && acted.refused) showNotice(acted.refused);
  return acted;
}

/** As `act`, for a form that shows the refusal itself. */
export async function actQuietly(doing: Doing): Promise<Acted> {
  const as = current().address.as ?? "";
  try {
    // Omit over a union loses which fields belong together; the parameter's type has checked them.
    return await postAct({ as, ...doing } as Act);
  } catch {
    return { ok: false, refused: wordsNow().noAnswer };
  }
}

/** Shows the message at once and takes it back if Slack refuses it. Says whether it was sent. */
export async function send(
  channel: string,
  threadTs: string | undefined,
  { text, files }: { text: string; files: string[] },
) {
  const id = nextId();
  const after = current().lists[listKey(channel, threadTs)]?.at(-1)?.ts ?? "";
  change(({ sending }) => ({ sending: [...sending, { id, channel, threadTs, text, after }] }));
  const acted = await act({
    do: "send",
    channel,
    text,
    ...(threadTs && { threadTs }),
    ...(files.length > 0 && { files }),
  });
  if (acted.ok) await refreshMessages(channel, threadTs);
  change(({ sending }) => ({ sending: sending.filter((one) => one.id !== id) }));
  return acted.ok;
}

/** Says whether the app answered. */
export async function runCommand(channel: string, command: string, text: string) {
  const id = nextId();
  const line = `${command} ${text}`.trim();
  change(({ running }) => ({ running: [...running, { id, place: channel, text: line }] }));
  const acted = await act({ do: "command", channel, command, text });
  change(({ running }) => ({ running: running.filter((one) => one.id !== id) }));
  await refreshWorld();
  return acted.ok;
}

/** The modal it opens comes with the world. */
export async function runShortcut(
  callbackId: string,
  message?: { channel: string; ts: string },
): Promise<void> {
  await act({ do: "shortcut", callbackId, ...(message && { message }) });
  await refreshWorld();
}

export async function closeModal(viewId: string, all = false): Promise<void> {
  const ids = all ? (current().world?.modals.map((modal) => modal.id) ?? []) : [viewId];
  change(({ closing }) => ({ closing: [...closing, ...ids] }));
  await act({ do: "close", viewId, ...(all && { all }) });
  await refreshWorld();
  change(({ closing }) => ({ closing: closing.filter((id) => !ids.includes(id)) }));
}

/** Changes one message on the page before the server answers; its answer then decides. */
export async function actOnMessage(
  doing: Extract<Doing, { do: "edit" | "delete" | "react" }>,
  guess: (lists: ReturnType<typeof current>["lists"]) => ReturnType<typeof current>["lists"],
): Promise<void> {
  change(({ lists }) => ({ lists: guess(lists) }));
  await act(doing);
  await refreshShown();
}
