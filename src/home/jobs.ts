import type { Handlers } from "#jobs/handlers.ts";
import type { Messenger } from "#slack/messenger.ts";
import { textsOf } from "#text/texts.ts";
import { supportMenu } from "./views.ts";

type HomeJobs = Pick<Handlers, "home.answer">;

/** What the app says where somebody spoke to it. */
export function homeJobs({ messenger }: { messenger: Messenger }): HomeJobs {
  return {
    "home.answer": {
      async run({ ts, language, ...to }, run) {
        const key = `doors:${to.teamId}+${to.channelId}+${ts}`;
        await messenger.post(run, key, to, supportMenu(textsOf(language)), "and-finish");
      },
    },
  };
}
