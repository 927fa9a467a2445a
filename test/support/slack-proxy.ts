import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

type Reply = { status?: number; headers?: Record<string, string>; body?: string };
type Strike = { method: string; channel?: string | undefined; times: number; reply: Reply };

/** Stands between the app and the simulator, to answer as Slack does on its worst days. */
export type SlackProxy = AsyncDisposable & {
  apiUrl: string;
  /** Calls of this method (into this channel) get this answer, and the simulator never hears of them. */
  strike(method: string, reply: Reply, only?: { channel?: string; times?: number }): void;
  /** How often an answer of ours was given, and when. */
  struck(): { method: string; at: number }[];
  calm(): void;
  /** What came to a response_url of this proxy, `${origin}/actions/…`. */
  responses: { url: string; body: Record<string, unknown> }[];
};

export async function startSlackProxy(simulatorApiUrl: string): Promise<SlackProxy> {
  const strikes: Strike[] = [];
  const struck: { method: string; at: number }[] = [];
  const responses: SlackProxy["responses"] = [];

  async function pass(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await text(req);
    const path = req.url ?? "";
    if (path.startsWith("/actions/")) {
      responses.push({ url: path, body: JSON.parse(body) });
      return void res.writeHead(200).end("ok");
    }
    const method = path.replace("/api/", "");
    const channel = new URLSearchParams(body).get("channel") ?? undefined;
    const strike = strikes.find((each) => {
      return (
        each.method === method && each.times > 0 && (!each.channel || each.channel === channel)
      );
    });
    if (strike) {
      strike.times -= 1;
      struck.push({ method, at: Date.now() });
      const { status = 200, headers = {}, body: said = "" } = strike.reply;
      return void res.writeHead(status, headers).end(said);
    }
    const answer = await fetch(new URL(method, simulatorApiUrl), {
      method: "POST",
      headers: {
        "content-type": String(req.headers["content-type"] ?? ""),
        authorization: String(req.headers.authorization ?? ""),
      },
      body,
    });
    res.writeHead(answer.status, passedOn(answer.headers)).end(await answer.text());
  }

  const server = createServer((req, res) => {
    pass(req, res).catch(() => res.destroy()); // the simulator dropped it: so do we
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    strike: (method, reply, { channel, times = Number.POSITIVE_INFINITY } = {}) =>
      void strikes.push({ method, channel, times, reply }),
    struck: () => struck,
    calm: () => void strikes.splice(0),
    responses,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function passedOn(headers: Headers): Record<string, string> {
  const names = ["content-type", "retry-after", "x-oauth-scopes"];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
}
