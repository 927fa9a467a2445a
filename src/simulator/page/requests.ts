import type { Act, Acted, Messages, MessageView, Uploaded, World } from "./contract.ts";

/** The simulator did not answer, or not with JSON. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
  readonly status: number | undefined;

  constructor(status?: number, options?: ErrorOptions) {
    super(`no answer${status ? ` (${status})` : ""}`, options);
    this.status = status;
  }
}

export function fetchWorld(as: string): Promise<World> {
  return getJson<World>("/sim/world", { as });
}

export async function fetchMessages(
  as: string,
  channel: string,
  thread?: string,
): Promise<MessageView[]> {
  const answer = await getJson<Messages>("/sim/messages", {
    as,
    channel,
    ...(thread && { thread }),
  });
  return answer.messages;
}

export function postAct(act: Act): Promise<Acted> {
  return readJson<Acted>("/sim/act", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(act),
  });
}

/** The bytes go up as they are chosen; the message or the form names them by id. */
export function uploadFile(as: string, file: File): Promise<Uploaded> {
  return readJson<Uploaded>(`/sim/upload?${new URLSearchParams({ as, name: file.name })}`, {
    method: "POST",
    headers: { "content-type": "application/octet-stream" },
    body: file,
  });
}

function getJson<T>(path: string, query: Record<string, string>): Promise<T> {
  return readJson<T>(`${path}?${new URLSearchParams(query)}`);
}

async function readJson<T>(url: string, init?: RequestInit): Promise<T> {
  const response = await fetch(url, init).catch((cause: unknown) => {
    throw new NoAnswer(undefined, { cause });
  });
  if (!response.ok) throw new NoAnswer(response.status);
  // Both ends are this folder's contract.ts.
  return (await response.json()) as T;
}
