import { channelFor, messageFor, Refused } from "./act-place.ts";
import type { Act } from "./page/contract.ts";
import { shortcutPayload } from "./payloads.ts";
import type { Install, Person } from "./records.ts";
import { newResponseUrl } from "./response-urls.ts";
import type { Sim } from "./sim.ts";
import { pressError } from "./slack-words.ts";
import type { Trigger } from "./triggers.ts";

type ShortcutAct = Omit<Extract<Act, { do: "shortcut" }>, "as" | "do">;

/** Chooses a shortcut; returns its trigger, or refuses with what Slack shows. */
export async function chooseShortcut(sim: Sim, person: Person, act: ShortcutAct): Promise<Trigger> {
  const type = act.message ? "message" : "global";
  const known = sim.manifest.shortcuts.some(
    (each) => each.callbackId === act.callbackId && each.type === type,
  );
  // As commands, they belong to the person's own workspace: a Slack Connect stranger has none of ours.
  const install = sim.world.installs.get(person.teamId);
  if (!known || !install || install.state === "uninstalled")
    throw new Refused(`There is no shortcut ${act.callbackId} here.`);
  const trigger = sim.triggers.issue({ teamId: install.teamId, userId: person.id });
  const chosen = { callbackId: act.callbackId, trigger };
  const on = act.message && placeOf(sim, person, install, act.message);
  const payload = shortcutPayload({ sim, person, install }, chosen, on);
  const failure = pressError(await sim.delivery.interact("interactive", payload));
  if (failure) throw new Refused(failure);
  return trigger;
}

/** The message, where the person sees it, and where the app may answer about it. */
function placeOf(sim: Sim, person: Person, install: Install, at: { channel: string; ts: string }) {
  const channel = channelFor(sim, person, at.channel);
  const message = messageFor(sim, at);
  const { url: responseUrl } = newResponseUrl(sim, {
    teamId: install.teamId,
    channel: channel.id,
    userId: person.id,
    messageTs: message.ts,
    ...(message.threadTs && { threadTs: message.threadTs }),
  });
  return { channel, message, responseUrl };
}
