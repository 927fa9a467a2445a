import { z } from "zod";
import type { AgentsChannel, PolicyNow } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { findOpenNotices } from "#db/notices.ts";
import { Problem } from "#errors.ts";
import type { FindInstallation } from "#slack/installation.ts";
import type { Messenger } from "#slack/messenger.ts";
import type { People, PersonAddress } from "#slack/people.ts";
import type { Door } from "#slack/replies.ts";
import { type Texts, textsOf } from "#text/texts.ts";
import { asksForHelp, helpMessage, ListQuery, type ShownList, shownList } from "#tickets/ask.ts";
import { answerDm, answerWithDoors } from "./answer.ts";
import { postButton } from "./post-button.ts";
import { homeTab, ON_HOME, SHOW_HELP, supportMenu } from "./views.ts";

const BUTTON = /^(button|ボタン)$/i;
const Opened = z.object({ user: z.string(), tab: z.literal("home") });

type Needs = {
  db: Db;
  people: People;
  messenger: Messenger;
  agentsChannel: AgentsChannel;
  findInstallation: FindInstallation;
  policy: PolicyNow;
};

export function registerHome(door: Door, needs: Needs): void {
  const { db, people, messenger, agentsChannel, policy } = needs;

  door.command("/support", async (call) => {
    const { caller, answer } = call;
    const word = call.text.normalize("NFKC").trim();
    if (BUTTON.test(word)) return postButton(needs, call);
    const { texts } = caller;
    await answer(asksForHelp(word) ? helpMessage(texts) : supportMenu(texts, policy()));
  });
  door.press(SHOW_HELP, ({ caller, answer }) => answer(helpMessage(caller.texts)));

  door.event("app_mention", (call) => answerWithDoors(needs, call));
  door.event("message", (call) => answerDm(needs, call));

  door.event("app_home_opened", async ({ teamId, event }) => {
    const opened = Opened.safeParse(event);
    if (!opened.success) return; // the Messages tab
    const at = { teamId, userId: opened.data.user };
    const { language } = people.known(at) ?? (await people.ask(at));
    await publish(at, textsOf(language));
  });
  for (const turn of Object.values(ON_HOME)) {
    door.press(turn, ({ caller, value }) =>
      publish(caller, caller.texts, ListQuery.parse(JSON.parse(value))),
    );
  }

  async function publish(who: PersonAddress, t: Texts, query?: ListQuery): Promise<void> {
    const { teamId, userId } = who;
    const list = await listFor(who, query);
    const notices = teamId === agentsChannel.teamId ? await findOpenNotices(db) : [];
    const blocks = homeTab(t, { list, notices, statusPage: policy().status_page });
    await messenger.publishHome(teamId, userId, blocks);
  }
  /** Who belongs to no account has no tickets; the doors say why when they are used. */
  async function listFor(who: PersonAddress, query?: ListQuery): Promise<ShownList | undefined> {
    try {
      return await shownList(needs, { who, channelId: "" }, query && { query, isCut: false });
    } catch (error) {
      if (error instanceof Problem) return undefined;
      throw error;
    }
  }
}
