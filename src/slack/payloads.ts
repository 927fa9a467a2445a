import { z } from "zod";
import { textsOf } from "#text/texts.ts";
import type { People } from "./people.ts";
import type { Caller } from "./replies.ts";

/** The parts of Slack's interaction payloads that we read. Bolt has checked their signature. */
export type RawBody = {
  team_id?: string;
  team?: { id: string } | null;
  user_id?: string;
  user_name?: string;
  user?: { id: string; name?: string; username?: string; team_id?: string };
  view?: {
    id?: string;
    hash?: string;
    app_installed_team_id?: string;
    private_metadata?: string;
    state?: { values: Record<string, Record<string, Element>> };
  };
  channel?: { id: string };
  message?: { ts: string; thread_ts?: string; text?: string };
  trigger_id?: string;
  response_url?: string;
  actions?: { value?: string; selected_option?: { value: string } | null }[];
};

/** `text` is mrkdwn, as Slack has it. */
export type ShortcutMessage = { ts: string; threadTs: string; text: string };

/** block_id → what was typed or chosen; "" where nothing was. Of files the ids, with a space between two. */
export type Values = Record<string, string>;

export function readCaller(body: RawBody, people: People): Caller {
  const teamId = body.view?.app_installed_team_id ?? body.team?.id ?? body.team_id ?? "";
  const userId = body.user?.id ?? body.user_id ?? "";
  const known = people.known({ teamId, userId });
  const language = known?.language ?? "en";
  return {
    teamId,
    userId,
    name: known?.name ?? body.user?.name ?? body.user?.username ?? body.user_name ?? userId,
    language,
    texts: textsOf(language),
    homeTeamId: body.user?.team_id ?? teamId,
  };
}

/** The message of a message shortcut; a message with no replies is the root of a thread all the same. */
export function readMessage({ message }: RawBody): ShortcutMessage | undefined {
  return (
    message && {
      ts: message.ts,
      threadTs: message.thread_ts ?? message.ts,
      text: message.text ?? "",
    }
  );
}
const Files = z.array(z.looseObject({ id: z.string() }));

type Element = {
  value?: string | null;
  selected_option?: { value: string } | null;
  selected_user?: string | null;
  files?: unknown;
};

/** The value of what was pressed or chosen. */
export function readAction({ actions }: RawBody): string {
  const [action] = actions ?? [];
  return action?.value ?? action?.selected_option?.value ?? "";
}

export function readValues(state: Record<string, Record<string, Element>>): Values {
  const values: Values = {};
  for (const [blockId, elements] of Object.entries(state)) {
    for (const element of Object.values(elements)) {
      values[blockId] =
        element.value ??
        element.selected_option?.value ??
        element.selected_user ??
        idsOf(element.files);
    }
  }
  return values;
}

function idsOf(files: unknown): string {
  const read = Files.safeParse(files);
  return read.success ? read.data.map(({ id }) => id).join(" ") : "";
}
