import { createHash } from "node:crypto";
import { cardOf } from "../people/effects.ts";
import type { Op, SentFile } from "../world/history.ts";
import type { World } from "../world/world.ts";
import type { Records } from "./records.ts";
import type { Finding } from "./violations.ts";

/** Each file that an agent sent stands once, whole, in the customer's thread; or it does not, which the agents were told. */
export async function checkSentFiles(
  world: World,
  { sent }: Records,
  { claim, claimCount }: Finding,
): Promise<void> {
  for (const op of world.history.ops) {
    if (op.deed !== "reply" || !op.file) continue;
    const rows = sent.filter(({ fileId }) => fileId === op.file?.id);
    if (op.outcome === "ok") claimCount(rows, 1, "records of a file for the customer", op);
    else claim(rows.length <= 1, "a file for the customer is recorded twice", op, ...rows);
    const seen = await seenByCustomer(world, op, op.file);
    const [row] = rows;
    claim(row?.state !== "waiting", "a file for the customer is waiting", op, row);
    const isOnce = row?.state === "sent" ? seen.length === 1 : seen.length <= rows.length;
    claim(isOnce, `the customer has a file ${seen.length} times`, op, row);
    const isWhole = seen.every((sha256) => sha256 === op.file?.sha256);
    claim(isWhole, "the customer has another file than was sent", op, row);
  }
}

/** What is in each that stands in their thread under this name. */
async function seenByCustomer(world: World, op: Op, { name }: SentFile): Promise<string[]> {
  const filed = world.history.ops.find(({ deed, token }) => deed === "file" && token === op.ticket);
  const card = filed && cardOf(world, filed);
  if (!filed || !card) return [];
  const customer = world.person(filed.by);
  const thread = await customer.messages(card.channel, card.ts);
  const own = thread.flatMap(({ files }) => files).filter((file) => file.name === name);
  const contents = await Promise.all(own.map(({ id }) => customer.download(id)));
  return contents.map((bytes) => createHash("sha256").update(bytes).digest("hex"));
}
