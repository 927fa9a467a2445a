import { Problem, type ProblemFacts } from "#errors.ts";
import type { Files } from "#slack/files.ts";
import type { Caller } from "#slack/replies.ts";
import type { OutgoingFile } from "./store-outgoing.ts";
import { type FieldFault, TicketDraft } from "./ticket.ts";

const Chosen = TicketDraft.shape.files;

/** What an agent has chosen, as Slack knows it now; or a sentence for the field that names what cannot be sent. */
export async function chosenFiles(
  files: Files,
  { teamId, texts: t }: Caller,
  given: string | undefined,
): Promise<{ files: OutgoingFile[] } | { fault: string }> {
  const { data, error } = Chosen.safeParse(given);
  if (error) return { fault: t.fields[(error.issues[0]?.message ?? "filesUnfit") as FieldFault] };
  const ids = data ?? [];
  try {
    const found = await Promise.all(ids.map((fileId) => files.find({ teamId, fileId }, "quick")));
    return { files: found.map(({ name }, at) => ({ id: ids[at] ?? "", name })) };
  } catch (refused) {
    if (!(refused instanceof Problem)) return { fault: t.compose.filesUnsure };
    const { name, why } = refused.facts as ProblemFacts["file-refused"]; // the only one of `find`
    return { fault: t.compose.fileRefused(name, t.fileFaults[why]) };
  }
}
