import type { Kind } from "./kinds/kind.ts";

const SHARE = 0.2;
const FEWEST = SHARE / 10;
const POSTS_A_FILING = 2; // its card and the agents'

/** Slack takes a message, and its answer is lost. */
export const lostSlack: Kind = {
  modes: ["embedded", "bullmq"],
  count: 1000 / POSTS_A_FILING,
  async begin() {
    return {
      plan: { isPaced: false },
      async strike({ world }) {
        const fault = { kind: "accepted-then-dropped", method: "chat.postMessage", share: SHARE };
        const answer = await fetch(new URL("/sim/act", world.simulatorUrl), {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ as: "U0HANA", do: "fault", fault }),
        });
        if (!answer.ok) throw new Error(`the simulator said ${answer.status}`);
      },
      judge({ slack }, { claim }) {
        const lost = slack.posts.filter(({ isDropped }) => isDropped).length;
        const all = slack.posts.length;
        claim(lost >= all * FEWEST, `only ${lost} answers of ${all} posts were lost`);
        return `${lost} answers to ${all} posts lost`;
      },
    };
  },
};
