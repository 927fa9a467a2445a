import type { Desk, DeskFile, KeptFile } from "#desk/desk.ts";
import { Refused } from "#errors.ts";
import type { Ticket } from "./store.ts";
import { ticketNumber } from "./ticket.ts";

/** To a desk that takes files. Refused when it keeps another than was sent; the same attachmentId twice is one file there. */
export async function attachFile(
  { desk, ticket }: { desk: Desk; ticket: Ticket },
  file: DeskFile,
  signal: AbortSignal,
): Promise<KeptFile> {
  const { account_id: accountId, id: ticketId, desk_id, desk_url } = ticket;
  const number = ticketNumber(ticket);
  const filed = { id: desk_id ?? "", url: desk_url ?? undefined, accountId, ticketId, number };
  const kept = await desk.attach?.(filed, file, signal);
  if (!kept || kept.size !== file.size || kept.sha256 !== file.sha256)
    throw new Refused("the desk keeps another file than we sent");
  return kept;
}

/** The outside write by which a desk gets it. */
export function attachKey({ attachmentId }: Pick<DeskFile, "attachmentId">): string {
  return `desk:attach:${attachmentId}`;
}

/** In its place, once it was deleted. */
export const NOTHING_KEPT: KeptFile = { size: 0, sha256: "" };
