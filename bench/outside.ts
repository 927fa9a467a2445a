import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** Slack's Web API and a signed HTTP desk that answer at once, and tell when they were called. */
export type Outside = AsyncDisposable & {
  apiUrl: string;
  deskUrl: string;
  /** Resolves with the moment a posted card carried this text. */
  cardWith(text: string): Promise<number>;
  /** The same of a modal that was opened or drawn again. */
  modalWith(text: string): Promise<number>;
};

const ANSWERS: Record<string, object> = {
  "auth.test": { team_id: "T1", team: "Home", user_id: "U0APP", bot_id: "B1" },
  "users.info": { user: { id: "U1", team_id: "T1", name: "una", locale: "en-US", tz: "UTC" } },
  "chat.getPermalink": { permalink: "https://example.com/p1" },
  "conversations.members": { members: ["U1"] },
  "chat.update": { ts: "1.1" },
};

export async function startOutside(): Promise<Outside> {
  const waiting = new Map<string, (at: number) => void>();
  let count = 0;

  function hear(body: string): void {
    const at = performance.now();
    const mark = /bench-\d+/.exec(decodeURIComponent(body))?.[0] ?? "";
    waiting.get(mark)?.(at);
    waiting.delete(mark);
  }

  function posted(body: string): object {
    if (body.includes("C0ASKED")) hear(body);
    count += 1;
    return { channel: "C0ASKED", ts: `${1_700_000_000 + count}.000001` };
  }

  const heard = (text: string) => new Promise<number>((resolve) => waiting.set(text, resolve));

  const server = createServer(async (req, res) => {
    const body = await read(req);
    const method = req.url?.startsWith("/api/") ? req.url.slice("/api/".length) : undefined;
    if (method?.startsWith("views.")) hear(body);
    const answer = method === "chat.postMessage" ? posted(body) : (ANSWERS[method ?? ""] ?? {});
    res.writeHead(200, { "content-type": "application/json" });
    res.end(JSON.stringify(method ? { ok: true, ...answer } : { id: "1" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    deskUrl: `http://127.0.0.1:${port}/desk`,
    cardWith: heard,
    modalWith: heard,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function read(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
