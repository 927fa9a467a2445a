import type { Message } from "#slack/blocks.ts";
import type { Caller, Door, PressCall } from "#slack/replies.ts";
import { textsOf } from "#text/texts.ts";
import { SHOW_MY_TICKETS } from "./ask.ts";
import { asksForHelp, helpMessage } from "./help.ts";
import { type ListLabels, ListQuery, readListQuery } from "./list.ts";
import { type ListNeeds, shownList } from "./list-shown.ts";
import { IN_CHANNEL, LIST_COPY, ticketLinks, ticketList, unknownFilter } from "./list-views.ts";

const LABELS: ListLabels[] = [textsOf("ja"), textsOf("en")];

export function registerList(door: Door, needs: ListNeeds): void {
  door.command("/tickets", async ({ caller, channelId, text, answer }) => {
    if (asksForHelp(text)) return answer(helpMessage(caller.texts));
    const asked = readListQuery(text, LABELS);
    await answer(
      "fault" in asked
        ? unknownFilter(caller.texts, asked.fault)
        : await draw(caller, channelId, asked),
    );
  });
  door.press(SHOW_MY_TICKETS, async ({ caller, channelId, answer }) => {
    const query: ListQuery = { words: [], statuses: [], by: "me" };
    await answer(await draw(caller, channelId ?? "", { query, isCut: false }));
  });
  for (const turn of Object.values(IN_CHANNEL)) {
    door.press(turn, async (call) => {
      const { caller, channelId, answer } = call;
      const query = queryIn(call);
      await answer(await draw(caller, channelId ?? "", { query, isCut: false }), "replace");
    });
  }
  door.press(LIST_COPY, async (call) => {
    const { caller: who, channelId = "", answer } = call;
    const asked = { query: queryIn(call), isCut: false };
    const { tickets } = await shownList(needs, { who, channelId }, asked);
    await answer(ticketLinks(who.texts, tickets));
  });

  async function draw(
    who: Caller,
    channelId: string,
    asked: { query: ListQuery; isCut: boolean },
  ): Promise<Message> {
    return ticketList(who.texts, await shownList(needs, { who, channelId }, asked), IN_CHANNEL);
  }
}

function queryIn({ value }: PressCall): ListQuery {
  return ListQuery.parse(JSON.parse(value));
}
