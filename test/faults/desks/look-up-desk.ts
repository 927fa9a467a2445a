import { z } from "zod";
import { callDesk } from "#desk/call.ts";
import type { Desk } from "#desk/desk.ts";
import { RetryLater } from "#errors.ts";

const Found = z.array(z.string());
const Saved = z.object({ id: z.string() });
type Call = { number: string; method: "GET" | "POST"; path: string; content?: object };

/** Looks a ticket up by our id before it files it, and a change among those of the ticket. */
export function openLookUpDesk(base: string, timeoutMs: number): Desk {
  async function ask<S extends z.ZodType>(
    { number, method, path, content }: Call,
    answer: S,
    signal: AbortSignal,
  ): Promise<z.output<S>> {
    const said = await callDesk(
      {
        ...{ number, method, answer, timeoutMs },
        url: new URL(path, base).href,
        headers: { "content-type": "application/json" },
        ...(content && { body: JSON.stringify(content) }),
      },
      signal,
    );
    if (said.kind === "conflict") throw new RetryLater("the desk is busy with this ticket");
    return said.body;
  }

  return {
    name: "look-up",
    async create(ticket, signal) {
      const { number, ticketId } = ticket;
      const search = { number, method: "GET", path: `cases?external=${ticketId}` } as const;
      const [known] = await ask(search, Found, signal);
      if (known) return { id: known };
      const filing = { number, method: "POST", path: "cases", content: ticket } as const;
      return await ask(filing, Saved, signal);
    },
    async change({ number, id }, change, signal) {
      const path = `cases/${id}/notes`;
      const known = await ask({ number, method: "GET", path }, Found, signal);
      if (known.includes(change.changeId)) return;
      await ask({ number, method: "POST", path, content: change }, Saved, signal);
    },
  };
}
