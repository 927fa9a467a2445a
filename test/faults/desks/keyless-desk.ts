import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { z } from "zod";
import { chanceFrom } from "#simulator/chance.ts";
import { openWitness } from "../../support/witness-log.ts";

/** A desk that takes everything as new, as often as it comes; who asks first finds what it holds. */

const { values } = parseArgs({
  options: {
    log: { type: "string" },
    seed: { type: "string", default: "1" },
    "lose-share": { type: "string", default: "0" },
  },
});

const Ticket = z.looseObject({ ticketId: z.string(), number: z.string() });
const Change = z.looseObject({ changeId: z.string(), status: z.string().optional() });
type Held = {
  id: string;
  ticket: z.output<typeof Ticket>;
  changes: z.output<typeof Change>[];
};

const held: Held[] = [];
const chance = chanceFrom(Number(values.seed));
const witness = openWitness(values.log);

const server = createServer((request, response) => {
  serve(request, response).catch(() => response.destroy());
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo; // it listens on TCP
  process.stdout.write(`http://127.0.0.1:${port}/\n`);
});

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://desk");
  const [, what, about] = pathname.split("/");
  if (request.method === "GET") {
    const asked = what === "tickets" ? held : find(searchParams.get("external"), about);
    response.end(JSON.stringify(asked));
    return;
  }
  const { id, ...entry } = await take(request, about);
  const isLost = chance() < Number(values["lose-share"]);
  witness.write({ ...entry, status: 200, isNew: true, delivery: isLost ? "cut" : "at once" });
  if (isLost) response.destroy();
  else response.end(JSON.stringify({ id }));
}

function find(external: string | null, id: string | undefined): string[] {
  if (id) return held.find((one) => one.id === id)?.changes.map(({ changeId }) => changeId) ?? [];
  return held.filter(({ ticket }) => ticket.ticketId === external).map((one) => one.id);
}

async function take(request: IncomingMessage, about: string | undefined) {
  const sent: unknown = JSON.parse(await text(request));
  if (about === undefined) {
    const ticket = Ticket.parse(sent);
    const id = `K-${held.length + 1}`;
    held.push({ id, ticket, changes: [] });
    return { id, type: "ticket.created", ticketId: ticket.ticketId, number: ticket.number };
  }
  const { changeId, status: to, ...change } = Change.parse(sent);
  const changed = held.find(({ id }) => id === about);
  if (!changed) throw new Error("there is no such case");
  changed.changes.push({ ...change, changeId, ...(to && { status: to }) });
  const type = to ? "ticket.status_changed" : "ticket.commented";
  return { id: changeId, type, changeId, ...(to && { to }), number: changed.ticket.number };
}
