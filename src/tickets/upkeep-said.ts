import { z } from "zod";
import { inert, link } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import type { HistoryRow, UpkeepEvent } from "./store-history.ts";

const named = z.object({ name: z.string() });
/** What the history keeps of each event. */
const Left = named;
/** `before`: the link to the thread that it had in the channel. */
export const Moved = z.object({ before: z.string().optional() });
export type Moved = z.infer<typeof Moved>;
const Link = z.object({ number: z.string() });
const Topic = z.object({ topic: z.object({ from: named.nullable(), to: named }) });

/** What was done to a ticket without a word to its customer, for the agents; undefined for anything else. */
export function upkeepLine(
  t: Texts,
  { event, detail, actor_name }: HistoryRow,
): string | undefined {
  const name = inert(actor_name);
  switch (event as UpkeepEvent) {
    case "topic": {
      const { from, to } = Topic.parse(detail).topic;
      return t.agents.topicChanged(name, inert(to.name), from ? inert(from.name) : "");
    }
    case "linked":
      return t.agents.linked(name, Link.parse(detail).number);
    case "unlinked":
      return t.agents.unlinked(name, Link.parse(detail).number);
    case "left":
      return t.agents.left(inert(Left.parse(detail).name));
    case "moved": {
      const { before } = Moved.parse(detail);
      return before ? `${t.agents.moved} (${link(before, t.filed.before)})` : t.agents.moved;
    }
    default:
      return undefined;
  }
}
