import { takeNote } from "./note.ts";
import type { ThreadEvent } from "./thread-event.ts";
import { type Heard, type Needs, takeThreadReply } from "./thread-reply.ts";

/** What a person did in a thread, heard from Slack or read up later: in a ticket's it is for support, in a triage card's a note. */
export async function takeSaid(needs: Needs, heard: Heard, said: ThreadEvent): Promise<void> {
  if (!(await takeThreadReply(needs, heard, said))) await takeNote(needs, heard, said);
}
