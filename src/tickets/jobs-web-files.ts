import type { Db } from "#db/connect.ts";
import type { Handlers } from "#jobs/handlers.ts";
import { giveFileUp, refuse } from "./settle-file.ts";
import { findAttachment } from "./store-files.ts";

/** What was sent on the page of a ticket is in no hand but that of the request that brings it. */
export function webFileJobs({ db }: { db: Db }): Pick<Handlers, "ticket.drop-file"> {
  return {
    "ticket.drop-file": {
      async run(ref) {
        const { state, upload_id, name, file_id } = await findAttachment(db, ref);
        if (state !== "waiting" || upload_id !== null) return;
        const refusal = { name: name ?? file_id, why: "interrupted" } as const;
        await db.transaction().execute((tx) => refuse(tx, ref, refusal));
      },
      bury: giveFileUp,
    },
  };
}
