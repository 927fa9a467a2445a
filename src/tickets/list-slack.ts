import { accountOf } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import type { People } from "#slack/people.ts";
import type { Caller, Door } from "#slack/replies.ts";
import { textsOf } from "#text/texts.ts";
import { SHOW_MY_TICKETS } from "./ask.ts";
import { ListQuery, PAGE, readListQuery, statusesOf } from "./list.ts";
import { LIST_FIRST, LIST_NEXT, ticketList, unknownStatus } from "./list-views.ts";
import { findOwnTickets } from "./store-list.ts";

type Needs = { db: Db; people: People };

export function registerList(door: Door, { db, people }: Needs): void {
  door.command("/tickets", async ({ caller, channelId, text, answer }) => {
    await answer(await drawList(caller, channelId, readListQuery(text)));
  });
  door.press(SHOW_MY_TICKETS, async ({ caller, channelId, answer }) => {
    await answer(await drawList(caller, channelId ?? "", readListQuery("")));
  });
  for (const page of [LIST_NEXT, LIST_FIRST]) {
    door.press(page, async ({ caller, channelId, value, answer }) => {
      const query = ListQuery.parse(JSON.parse(value));
      await answer(await drawList(caller, channelId ?? "", query), "replace");
    });
  }

  /** The person's own tickets in this account, whatever the button says. */
  async function drawList(caller: Caller, channelId: string, query: ListQuery) {
    const { teamId, userId, texts } = caller;
    const statuses = statusesOf(query, [textsOf("ja").statuses, textsOf("en").statuses]);
    if (!statuses) return unknownStatus(texts, query);

    const account = await accountOf(db, { teamId, channelId });
    const who = { accountId: account.id, teamId, userId };
    const search = { words: query.words, statuses, before: query.before };
    const found = await findOwnTickets(db, who, search, PAGE);
    const tickets = found.slice(0, PAGE);
    const next = found.length > PAGE ? tickets.at(-1)?.number : undefined;
    const timeZone = people.known(caller)?.timeZone ?? "UTC";
    return ticketList(texts, { tickets, next, query, timeZone });
  }
}
