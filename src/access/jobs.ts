import type { Db } from "#db/connect.ts";
import type { JobPayload } from "#jobs/catalogue.ts";
import { channelLane } from "#jobs/lanes.ts";
import { enqueue } from "#jobs/queue.ts";
import type { Handlers, Run } from "#jobs/run.ts";
import { isUnreachable, SlackRefused } from "#slack/failures.ts";
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
    await enqueue(tx, "access.tell-end", ref, { key: `access.tell-end:${ref.grantId}` });
  });
}

async function tellEnd(needs: Needs, payload: JobPayload<"access.tell-end">, run: Run) {
  const { db, messenger, people } = needs;
  const { channelId, ...ref } = payload;
  const { setBy, endsAt } = await findGrant(db, ref);
  const key = `access.tell-end:${ref.grantId}`;
  if (channelId) {
    const { language, timeZone } = people.known(setBy) ?? (await people.ask(setBy));
    const message = ranOut({ texts: textsOf(language), timeZone }, endsAt);
    await messenger.post(run, key, { teamId: setBy.teamId, channelId }, message);
    return;
  }
  const dm = await messenger.openDm(setBy.teamId, setBy.userId);
  await db
    .transaction()
    .execute((tx) =>
      enqueue(
        tx,
        "access.tell-end",
        { ...ref, channelId: dm.channelId },
        { key: `${key}:${dm.channelId}`, lane: channelLane(dm.teamId, dm.channelId) },
      ),
    );
}

/** Slack: conversations.open and users.info about somebody who is not there any more. */
const LEFT = new Set(["user_disabled", "user_not_found", "users_not_found", "user_not_visible"]);

function hasLeft(error: unknown): error is SlackRefused {
  return isUnreachable(error) || (error instanceof SlackRefused && LEFT.has(error.code));
}
