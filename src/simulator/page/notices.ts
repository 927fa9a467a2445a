import { change, current, nextId } from "./store.ts";

const SHOWN_MS = 12_000;

/** The same sentence can come twice, as an act's answer and as an event. */
export function showNotice(text: string): void {
  if (current().notices.some((notice) => notice.text === text)) return;
  const id = nextId();
  change(({ notices }) => ({ notices: [...notices, { id, text }] }));
  setTimeout(() => dropNotice(id), SHOWN_MS);
}

export function dropNotice(id: number): void {
  change(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}
