import { Refused, writableFor } from "./act-place.ts";
import { isFields } from "./block-rules.ts";
import type { Ack } from "./http-delivery.ts";
import { commandPayload } from "./payloads.ts";
import type { Person, ResponseUrl } from "./records.ts";
import { newResponseUrl, respond } from "./response-urls.ts";
import type { Sim } from "./sim.ts";
import { SlackError } from "./slack-error.ts";
import { commandError, commandFailed, notACommand } from "./slack-words.ts";
import type { Trigger } from "./triggers.ts";
import { asSlackText } from "./typed-text.ts";

/** Runs a slash command; returns its trigger, or refuses with what Slack shows. */
export async function runCommand(
  sim: Sim,
  person: Person,
  typed: { channel: string; command: string; text: string },
): Promise<Trigger> {
  const channel = writableFor(sim, person, typed.channel);
  const known = sim.manifest.commands.find((each) => each.command === typed.command);
  // Commands belong to the person's own workspace: a Slack Connect stranger has none of ours.
  const install = sim.world.installs.get(person.teamId);
  if (!known || !install || install.state === "uninstalled")
    throw new Refused(notACommand(typed.command));
  const trigger = sim.triggers.issue({ teamId: install.teamId, userId: person.id });
  const { record, url } = newResponseUrl(sim, {
    teamId: install.teamId,
    channel: channel.id,
    userId: person.id,
  });
  const text = typed.text.trim();
  const payload = commandPayload(
    { sim, person, install },
    {
      channel,
      command: typed.command,
      text: known.escapes ? asSlackText(sim.world, channel, text) : text,
      trigger,
      responseUrl: url,
    },
  );
  const ack = await sim.delivery.interact("slash_commands", payload);
  const failure = commandError(ack) ?? answerFailure(sim, record, ack);
  if (failure) throw new Refused(commandFailed(typed.command, failure));
  return trigger;
}

/** Shows what the app answered with its ack; the code of what is wrong with it, if anything is. */
function answerFailure(sim: Sim, record: ResponseUrl, ack: Ack): string | undefined {
  if (ack.got !== "answer" || ack.body === undefined || ack.body === "") return undefined;
  const body = typeof ack.body === "string" ? { text: ack.body } : ack.body;
  if (!isFields(body)) return "invalid_command_response";
  try {
    respond(sim, record, body);
    return undefined;
  } catch (error) {
    if (error instanceof SlackError) return "invalid_command_response";
    throw error;
  }
}
