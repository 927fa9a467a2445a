import type { PolicyNow } from "#accounts/ask.ts";
import type { Handlers } from "#jobs/handlers.ts";
import type { Messenger } from "#slack/messenger.ts";
import { textsOf } from "#text/texts.ts";
import { postedButton, supportMenu } from "./views.ts";

type HomeJobs = Pick<Handlers, "home.answer" | "home.post-button">;

/** What the app says where somebody spoke to it. */
export function homeJobs({
  messenger,
  policy,
}: {
  messenger: Messenger;
  policy: PolicyNow;
}): HomeJobs {
  return {
    "home.answer": {
      async run({ ts, language, ...to }, run) {
        const key = `doors:${to.teamId}+${to.channelId}+${ts}`;
        await messenger.post(run, key, to, supportMenu(textsOf(language), policy()), "and-finish");
      },
    },
    "home.post-button": {
      async run({ delivery, language, ...to }, run) {
        const message = postedButton(textsOf(language));
        await messenger.post(run, `button:${delivery}`, to, message, "and-finish");
      },
    },
  };
}
