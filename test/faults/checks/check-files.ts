import { createHash } from "node:crypto";
import { triageCardOf } from "../people/effects.ts";
import { AGENT_PEOPLE } from "../people/town.ts";
import type { HeldTicket } from "../witnesses/desk-witness.ts";
import type { Op } from "../world/history.ts";
import { AGENTS, type World } from "../world/world.ts";
import { isHeard } from "./check-client.ts";
import type { FileRow, Records } from "./records.ts";
import type { Finding } from "./violations.ts";

/** A file as it stands where the ticket is worked on. */
type Standing = { ticketId: string; name: string; sha256: string };

/**
 * Each file that people sent is one, whole, at the desk or in the agents' thread; or it was refused, which its thread
 * says; or it was taken back, and is gone.
 */
export async function checkFiles(
  world: World,
  { records, held }: { records: Records; held: HeldTicket[] },
  { claim, claimCount }: Finding,
): Promise<void> {
  const { files } = records;
  const standing = [...heldFiles(held), ...(await filesInThreads(world, records))];
  for (const op of world.history.ops) {
    if (!op.file) continue;
    const kept = files.filter(({ fileId }) => fileId === op.file?.id);
    const isTaken = op.outcome === "ok" && isHeard(world, op);
    if (isTaken) claimCount(kept, 1, "records of a file", op);
    else claim(kept.length <= 1, "a file is recorded twice", op, ...kept);
    for (const file of kept) checkStanding(op, file, standing);
  }
  const isSent = ({ name }: Standing) => world.history.ops.some(({ file }) => file?.name === name);
  const strays = standing.filter((file) => !isSent(file));
  claim(strays.length === 0, "a file stands there that nobody sent", ...strays);

  function checkStanding(op: Op, file: FileRow, all: Standing[]): void {
    const own = all.filter(({ name }) => name === op.file?.name);
    if (op.deed === "take-back") {
      const isGone = file.state === "deleted" && file.sha256 === null && own.length === 0;
      claim(isGone, "a file that was taken back is still there", op, file, ...own);
      return;
    }
    const isRefused = file.state === "refused"; // the line about it is counted with all others of its thread
    claim(own.length === 1 || isRefused, `a file stands ${own.length} times`, op, file, ...own);
    claim(own.length <= 1, "a file that is refused stands twice", op, file, ...own);
    const isSame = ({ sha256, ticketId }: Standing) =>
      sha256 === op.file?.sha256 && ticketId === file.ticketId;
    claim(own.every(isSame), "a file is not what was sent", op, file, ...own);
    const isKnown = file.state !== "delivered" || file.sha256 === op.file?.sha256;
    claim(isKnown && file.state !== "waiting", `a file is ${file.state}`, op, file);
  }
}

function heldFiles(held: HeldTicket[]): Standing[] {
  return held.flatMap(({ ticket: { ticketId }, files }) =>
    files.map(({ name, sha256 }) => ({ ticketId, name, sha256 })),
  );
}

/** As an agent sees them: what Slack keeps of each is fetched. */
async function filesInThreads(world: World, { tickets, files }: Records): Promise<Standing[]> {
  const agent = world.person(AGENT_PEOPLE[0]);
  const found: Standing[] = [];
  for (const { id: ticketId, subject } of tickets) {
    const card = triageCardOf(world, { token: subject });
    if (!card || !files.some((file) => file.ticketId === ticketId)) continue;
    const thread = await agent.messages(AGENTS, card.ts);
    for (const { id, name } of thread.flatMap((message) => message.files)) {
      const bytes = await agent.download(id);
      found.push({ ticketId, name, sha256: createHash("sha256").update(bytes).digest("hex") });
    }
  }
  return found;
}
