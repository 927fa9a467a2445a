import { visit } from "./deeds/visit.ts";
import type { Kind } from "./kinds/kind.ts";
import type { World } from "./world/world.ts";

const SHARE = 0.2;
const FEWEST = SHARE / 10;
const POSTS_A_FILING = 2; // its card and the agents'
const SHARE_OF_FEW = 0.4; // files and mails
const VISITS = 2; // more than elsewhere

/** Slack or the mail server takes a message or a file, and its answer is lost. */
export const lostSlack: Kind = {
  modes: ["embedded", "bullmq"],
  count: 1000 / POSTS_A_FILING,
  async begin() {
    return {
      plan: { isPaced: false, filesInSlack: true, mail: ["--lose-share", String(SHARE_OF_FEW)] },
      async strike(town) {
        await loseAnswers(town.world, "chat.postMessage", SHARE);
        await loseAnswers(town.world, "files.completeUploadExternal", SHARE_OF_FEW);
        await Promise.all(Array.from({ length: VISITS }, () => visit(town)));
      },
      judge({ slack, mail }, { claim }) {
        const lost = slack.posts.filter(({ isDropped }) => isDropped).length;
        const all = slack.posts.length;
        claim(lost >= all * FEWEST, `only ${lost} answers of ${all} posts were lost`);
        return [
          `${lost} answers to ${all} posts lost`,
          `${slack.files.filter(({ isDropped }) => isDropped).length} to ${slack.files.length} files`,
          `${mail.entries.filter(({ isLost }) => isLost).length} to ${mail.entries.length} mails`,
        ].join(", ");
      },
    };
  },
};

async function loseAnswers(world: World, method: string, share: number): Promise<void> {
  const fault = { kind: "accepted-then-dropped", method, share };
  const answer = await fetch(new URL("/sim/act", world.simulatorUrl), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ as: "U0HANA", do: "fault", fault }),
  });
  if (!answer.ok) throw new Error(`the simulator said ${answer.status}`);
}
