import type { Message } from "./blocks.ts";
import { cut, oneLine } from "./mrkdwn.ts";

/** Whose words a message is, in place of the app's name and picture. */
export type Sender = { name: string; pictureUrl?: string | undefined };

/** Somebody's words in their own name; `unsigned` names them itself, for where the app may not do that. */
export type Signed = Message & { sender: Sender; unsigned: Message };

const NAME = 80; // Slack: of a display name

/**
 * A name to stand at a message: `shown` puts it into the words that say whose side the person is on, `nobody` is what
 * stands there without a name. Slack shows no mrkdwn there; still it is one line in which no mention begins.
 */
export function senderName(
  name: string,
  { shown, nobody }: { shown: (name: string) => string; nobody: string },
): string {
  const plain = oneLine(name.toWellFormed().replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " "), 1000)
    .replaceAll("<", "‹")
    .replaceAll(">", "›");
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(plain)) return nobody;
  return shown(cut(plain, NAME - shown("").length));
}

/** In the words of chat.postMessage. */
export function asSlackSays({ name: username, pictureUrl }: Sender) {
  return { username, ...(pictureUrl && { icon_url: pictureUrl }) };
}
