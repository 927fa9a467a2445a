import { z } from "zod";
import type { AgentsChannel, PolicyNow } from "#accounts/ask.ts";
import type { Db } from "#db/connect.ts";
import { findOpenNotices } from "#db/notices.ts";
import type { FindInstallation } from "#slack/installation.ts";
import type { Messenger } from "#slack/messenger.ts";
import type { People } from "#slack/people.ts";
import type { Door } from "#slack/replies.ts";
import { textsOf } from "#text/texts.ts";
import { answerDm, answerWithDoors } from "./answer.ts";
import { postButton } from "./post-button.ts";
import { homeTab, SHOW_HELP, supportHelp, supportMenu } from "./views.ts";

const HELP = /^(help|ヘルプ|使い方|\?)$/i;
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
    await answer(HELP.test(word) ? supportHelp(caller.texts) : supportMenu(caller.texts, policy()));
  });
  door.press(SHOW_HELP, ({ caller, answer }) => answer(supportHelp(caller.texts)));

  door.event("app_mention", (call) => answerWithDoors(needs, call));
  door.event("message", (call) => answerDm(needs, call));

  door.event("app_home_opened", async ({ teamId, event }) => {
    const opened = Opened.safeParse(event);
    if (!opened.success) return; // the Messages tab
    const at = { teamId, userId: opened.data.user };
    const { language } = people.known(at) ?? (await people.ask(at));
    const notices = teamId === agentsChannel.teamId ? await findOpenNotices(db) : [];
    await messenger.publishHome(teamId, at.userId, homeTab(textsOf(language), notices, policy()));
  });
}
