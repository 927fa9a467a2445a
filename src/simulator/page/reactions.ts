import { actOnMessage } from "./acts.ts";
import type { MessageView } from "./contract.ts";
import { emojiOf } from "./emoji.ts";
import { withReaction } from "./guesses.ts";
import { html } from "./html.ts";
import { usePage } from "./page.ts";

export function Reactions({ message }: { message: MessageView }) {
  const { world, words } = usePage();
  if (message.reactions.length === 0) return null;
  const me = world.me.id;
  return html`<div class="reactions">
    ${message.reactions.map(({ name, userIds }) => {
      const people = userIds.map((id) => world.names[id] ?? id).join(", ");
      const label = words.reaction(name, people);
      return html`<button type="button" class="reaction" key=${name} aria-pressed=${userIds.includes(me)}
        aria-label=${label} title=${label} onClick=${() => react(message, name, me)}>
        <span>${emojiOf(name) ?? `:${name}:`}</span><span>${userIds.length}</span>
      </button>`;
    })}
  </div>`;
}

/** Adds the person's reaction, or takes it back. */
export function react({ channel, ts }: MessageView, name: string, me: string): void {
  void actOnMessage({ do: "react", channel, ts, name }, (lists) =>
    withReaction(lists, ts, name, me),
  );
}
