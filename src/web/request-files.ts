import pLimit from "p-limit";
import { RetryLater } from "#errors.ts";
import type { Texts } from "#text/texts.ts";
import type { FileRefusal, TicketPage } from "#tickets/ask.ts";
import type { BadForm, FilePart } from "./form-parts.ts";
import { networkOf } from "./networks.ts";
import type { RequestNeeds } from "./request-needs.ts";
import type { Wrong } from "./request-secret.ts";

const MOST_FILES = 10;
const AT_ONCE = 2; // sendings; each has one file of 10 MB in memory, and more while that is sent to the desk

/** What came along with a reply: names of what was passed on, and what was not. */
export type Came = { passed: string[]; refused: FileRefusal[]; told: FileRefusal[] };
export const NOTHING_CAME: Came = { passed: [], refused: [], told: [] };

export type Sending = { t: Texts; found: TicketPage; address: string };

/**
 * Passes the files of a reply on, one after the other, before the reply is taken. Those that are not taken are named;
 * where nothing can be passed on just now, the reply waits as well, for its words are still in the visitor's hands.
 */
export function createFileTaker({ pages, limits }: RequestNeeds) {
  const sendings = pLimit(AT_ONCE);

  return async (files: AsyncIterable<FilePart>, sending: Sending): Promise<Came | Wrong> => {
    const { t, found, address } = sending;
    if (!pages.canTakeFiles(found.ticket))
      return { status: 503, refused: t.web.refused.filesNotYet };
    const by = { ticket: found.ticket.id, network: networkOf(address) };
    const minutes = await limits.exceeded("files", by);
    if (minutes !== undefined) return { status: 429, refused: t.web.refused.tooMany(minutes) };
    if (sendings.activeCount >= AT_ONCE) return { status: 503, refused: t.web.refused.filesBusy };
    return sendings(() => takeAll(files, sending)).catch((error: unknown): Wrong => {
      if (!(error instanceof RetryLater)) throw error;
      return { status: 503, refused: t.web.refused.filesLater };
    });
  };

  async function takeAll(files: AsyncIterable<FilePart>, sending: Sending): Promise<Came> {
    const came: Came = { passed: [], refused: [], told: [] };
    let count = 0;
    for await (const part of files) {
      count += 1;
      if (count > MOST_FILES) came.refused.push({ name: part.name, why: "too-many" });
      else await takeOne(came, part, sending);
    }
    return came;
  }

  async function takeOne(came: Came, part: FilePart, { found }: Sending): Promise<void> {
    const { name, said } = part;
    const read = await part.read();
    if ("why" in read) return void came.refused.push({ name, why: read.why });
    const passed = await pages.passOn(found, { name, said, ...read });
    if ("name" in passed) came.passed.push(passed.name);
    else (passed.isKnown ? came.told : came.refused).push(passed.refusal);
  }
}

/** For a page on which no reply tells of them. */
export function refusedIn(t: Texts, { refused, told }: Came): string {
  return [...refused, ...told]
    .map(({ name, why, reference }) => t.web.page.fileRefused(name, t.fileFaults[why], reference))
    .join(" ");
}

/** Why it could not be read; its words may have come through. */
export function whyUnread(t: Texts, { why }: BadForm): Wrong {
  if (why === "too-much") return { status: 413, refused: t.web.refused.filesTooMuch };
  return { status: 400, refused: t.web.refused.filesBroken };
}
