import type { Db } from "#db/connect.ts";
import type { JobPayload } from "#jobs/catalogue.ts";
import type { Handlers, Run } from "#jobs/handlers.ts";
import { methodLane } from "#jobs/lanes.ts";
import { enqueue } from "#jobs/queue.ts";
import { hasLeft, sayDirectly } from "#slack/direct.ts";
import type { Messenger } from "#slack/messenger.ts";
import type { People } from "#slack/people.ts";
import { textsOf } from "#text/texts.ts";
import { findGrant, lookAtGrant } from "./store.ts";
import { ranOut } from "./views.ts";

type Needs = { db: Db; messenger: Messenger; people: People };
type AccessJobs = Pick<Handlers, "access.end" | "access.tell-end">;

/** Access ends at its date without these: they tell the admin who set it. */
export function accessJobs(needs: Needs): AccessJobs {
  return {
    "access.end": { run: (ref) => end(needs.db, ref) },
    "access.tell-end": {
      async run(payload, run) {
        try {
          await tellEnd(needs, payload, run);
        } catch (error) {
          if (!hasLeft(error)) throw error; // whoever is gone needs no word; the account's history has it
        }
      },
    },
  };
}

/** After a reset or an off there is nothing to tell: whoever did it knows. */
async function end(db: Db, ref: JobPayload<"access.end">): Promise<void> {
  await lookAtGrant(db, ref.accountId);
  const grant = await findGrant(db, ref);
  await db.transaction().execute(async (tx) => {
    // The database's clock was set back after this job came due.
    if (grant.isActive) await enqueue(tx, "access.end", ref, { runAt: grant.endsAt });
    if (!grant.ranOut) return;
    const lane = methodLane(grant.setBy.teamId, "users.info");
    await enqueue(tx, "access.tell-end", ref, { key: `access.tell-end:${ref.grantId}`, lane });
  });
}

async function tellEnd(needs: Needs, payload: JobPayload<"access.tell-end">, run: Run) {
  const { db } = needs;
  const { reader, channelId, ...ref } = payload;
  const { setBy, endsAt } = await findGrant(db, ref);
  const next = await sayDirectly(needs, run, {
    key: `access.tell-end:${ref.grantId}`,
    to: setBy,
    way: { reader, channelId },
    draw: ({ language, timeZone }) => ranOut({ texts: textsOf(language), timeZone }, endsAt),
    how: "and-finish",
  });
  if (!next) return;
  const { way, ...where } = next;
  await db.transaction().execute((tx) => enqueue(tx, "access.tell-end", { ...ref, ...way }, where));
}
