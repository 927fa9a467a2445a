import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { z } from "zod";
import { chanceFrom } from "#simulator/chance.ts";
import { createDeskBook, DESK_FAULTS, type DeskBook } from "./desk-book.ts";
import { answerWith, type Spoiled } from "./desk-faults.ts";
import { answerDelivery, type WireAnswer, type WireRequest } from "./http-desk-wire.ts";
import { openWitness } from "./witness-log.ts";

/** For tests only; a desk of one's own has its own. */
export const FAKE_DESK_SECRET = `whsec_${Buffer.from("a secret for fake desks only").toString("base64")}`;

/** As a desk behind a balancer: what a worker sends after a standstill still arrives. */
const KEEP_ALIVE_MS = 60_000;

export type FakeDesk = AsyncDisposable & { url: string; book: DeskBook };
type Options = {
  port?: number;
  secret?: string;
  slowMs?: number;
  log?: string;
  /** So many of the answers are lost, at random: 0.2 is one in five. */
  loseShare?: number;
  /** For the same draws in each run. */
  seed?: number;
  /** For a desk that nobody kills: a shared disk may take 10 ms to flush, which is 100 tickets a second. */
  unflushed?: boolean;
};

const faultOrder = z.object({
  fault: z.enum(DESK_FAULTS),
  times: z.number().int().min(1).max(100_000).default(1),
});

/**
 * A desk on a real socket that speaks the protocol of `DESK=http`. Deliveries go to `/`; `PUT /faults {fault, times}`
 * spoils the next ones, `DELETE /faults` ends that; `GET /tickets` shows what is held. Each delivery is one line of
 * the log, on the disk before its answer.
 */
export async function startFakeDesk(options: Options = {}): Promise<FakeDesk> {
  const book = createDeskBook();
  const witness = openWitness(options.log, options.unflushed ? "unflushed" : undefined);
  const chance = chanceFrom(options.seed ?? 1);
  const server = createServer((request, response) => {
    serve({ book, witness, chance, options }, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await new Promise<void>((done) => server.listen(options.port ?? 0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo; // it listens on TCP

  return {
    url: `http://127.0.0.1:${port}/`,
    book,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
      witness.close();
    },
  };
}

type Parts = {
  book: DeskBook;
  witness: ReturnType<typeof openWitness>;
  chance: () => number;
  options: Options;
};

async function serve(parts: Parts, request: IncomingMessage, response: ServerResponse) {
  const body = await text(request);
  const path = new URL(request.url ?? "/", "http://desk").pathname;
  if (path === "/faults") return orderFaults(parts.book, request.method, body, response);
  if (path === "/tickets") return void response.end(JSON.stringify(parts.book.held));

  const headers = new Headers(request.headers as Record<string, string>); // ours are never repeated
  await take(parts, { headers, body }, response);
}

async function take(parts: Parts, sent: WireRequest, to: ServerResponse) {
  const { book, witness, chance, options } = parts;
  if (options.loseShare && chance() < options.loseShare) book.faults.unshift("lose");
  const secret = options.secret ?? FAKE_DESK_SECRET;
  const answer = answerWith(book, () => answerDelivery(book, secret, sent));
  witness.write({ id: sent.headers.get("webhook-id"), ...summary(sent.body), ...outcome(answer) });
  if (answer.delivery === "never") return;
  if (answer.delivery === "cut") return void to.destroy();
  if (answer.delivery === "late") await setTimeout(options.slowMs ?? 300);
  to.writeHead(answer.status, answer.headers).end(answer.body);
}

function orderFaults(
  book: DeskBook,
  method: string | undefined,
  body: string,
  response: ServerResponse,
): void {
  if (method === "DELETE") book.faults.length = 0;
  else {
    const { fault, times } = faultOrder.parse(JSON.parse(body));
    book.faults.push(...Array.from({ length: times }, () => fault));
  }
  response.writeHead(204).end();
}

const named = z
  .object({
    type: z.string(),
    data: z.object({
      ticketId: z.string(),
      number: z.string(),
      changeId: z.string().optional(),
      attachmentId: z.string().optional(),
      name: z.string().optional(),
      status: z.string().optional(),
    }),
  })
  .transform(({ type, data: { status: to, ...data } }) => ({ type, ...data, ...(to && { to }) }));

/** A body that cannot be read is answered and logged all the same. */
function summary(body: string): Record<string, unknown> {
  try {
    return named.parse(JSON.parse(body));
  } catch {
    return {};
  }
}

function outcome({ status, delivery, isNew }: Spoiled<WireAnswer>): Record<string, unknown> {
  return { status, delivery, isNew: isNew ?? false };
}

/** `node test/support/fake-desk.ts --port 4000 --log desk.jsonl [--secret whsec_…] [--slow-ms 300] [--unflushed] [--fault lose:3]…` */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      log: { type: "string" },
      secret: { type: "string", default: FAKE_DESK_SECRET },
      "slow-ms": { type: "string", default: "300" },
      "lose-share": { type: "string" },
      seed: { type: "string" },
      fault: { type: "string", multiple: true, default: [] },
      unflushed: { type: "boolean", default: false },
    },
  });
  const desk = await startFakeDesk({
    port: Number(values.port),
    secret: values.secret,
    slowMs: Number(values["slow-ms"]),
    unflushed: values.unflushed,
    ...(values.log && { log: values.log }),
    ...(values["lose-share"] && { loseShare: Number(values["lose-share"]) }),
    ...(values.seed && { seed: Number(values.seed) }),
  });
  for (const order of values.fault) {
    const [fault, times = "1"] = order.split(":");
    const parsed = faultOrder.parse({ fault, times: Number(times) });
    desk.book.faults.push(...Array.from({ length: parsed.times }, () => parsed.fault));
  }
  process.stdout.write(`${desk.url}\n`);
  process.once("SIGTERM", () => void desk[Symbol.asyncDispose]());
}

if (import.meta.main) await main();
