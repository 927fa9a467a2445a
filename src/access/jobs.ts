import type { Db } from "#db/connect.ts";
import type { JobPayload } from "#jobs/catalogue.ts";
import type { Handlers, Run } from "#jobs/handlers.ts";
import { channelLane, type Lane, methodLane } from "#jobs/lanes.ts";
import { enqueue } from "#jobs/queue.ts";
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
    const lane = methodLane(grant.setBy.teamId, "users.info");
    await enqueue(tx, "access.tell-end", ref, { key: `access.tell-end:${ref.grantId}`, lane });
  });
}

async function tellEnd(needs: Needs, payload: JobPayload<"access.tell-end">, run: Run) {
  const { db, messenger, people } = needs;
  const { channelId, ...ref } = payload;
  const { setBy, endsAt } = await findGrant(db, ref);
  const { teamId, userId } = setBy;
  const key = `access.tell-end:${ref.grantId}`;
  const { language, timeZone } = payload.reader ?? people.known(setBy) ?? (await people.ask(setBy));
  if (channelId) {
    const message = ranOut({ texts: textsOf(language), timeZone }, endsAt);
    await messenger.post(run, key, { teamId, channelId }, message, "and-finish");
    return;
  }
  const known = { ...ref, reader: { language, timeZone } };
  if (!payload.reader) {
    const lane = methodLane(teamId, "conversations.open");
    return goOn(db, known, { key: `${key}:reader`, lane });
  }
  const dm = await messenger.openDm(run, teamId, userId);
  const lane = channelLane(teamId, dm.channelId);
  await goOn(db, { ...known, channelId: dm.channelId }, { key: `${key}:${dm.channelId}`, lane });
}

/** The next call, in the lane of its method or channel: a 429 of one holds up no other. */
async function goOn(
  db: Db,
  payload: JobPayload<"access.tell-end">,
  where: { key: string; lane: Lane },
): Promise<void> {
  await db.transaction().execute((tx) => enqueue(tx, "access.tell-end", payload, where));
}

/** Slack: conversations.open and users.info about somebody who is not there any more. */
const LEFT = new Set(["user_disabled", "user_not_found", "users_not_found", "user_not_visible"]);

function hasLeft(error: unknown): error is SlackRefused {
  return isUnreachable(error) || (error instanceof SlackRefused && LEFT.has(error.code));
}
