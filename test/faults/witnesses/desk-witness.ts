import { z } from "zod";
import { type Followed, followLog } from "./follow-log.ts";

const Entry = z.object({
  at: z.coerce.date(),
  type: z.string().optional(),
  ticketId: z.string().optional(),
  number: z.string().optional(),
  changeId: z.string().optional(),
  /** Of a file. */
  name: z.string().optional(),
  /** The new status of the ticket. */
  to: z.string().optional(),
  status: z.number(),
  delivery: z.string(),
  isNew: z.boolean(),
});
export type DeskEntry = z.output<typeof Entry>;

const Held = z.array(
  z.object({
    id: z.string(),
    ticket: z.object({ ticketId: z.string(), number: z.string(), subject: z.string() }),
    changes: z.array(
      z.object({
        changeId: z.string(),
        kind: z.enum(["comment", "comment-deleted", "status"]),
        body: z.string().optional(),
        status: z.string().optional(),
      }),
    ),
    /** As the desk has counted them; a desk that takes none has no list. */
    files: z
      .array(z.object({ attachmentId: z.string(), name: z.string(), sha256: z.string() }))
      .default([]),
  }),
);
export type HeldTicket = z.output<typeof Held>[number];

/** What the desk wrote down, and what it holds. */
export type DeskWitness = Followed<DeskEntry> & { held(): Promise<HeldTicket[]> };

export function followDesk(path: string, url: string): DeskWitness {
  return {
    ...followLog(path, (line) => Entry.parse(JSON.parse(line))),
    async held() {
      const answer = await fetch(new URL("/tickets", url));
      return Held.parse(await answer.json());
    },
  };
}
