import { Refused } from "./act-place.ts";
import { type Fields, isFields } from "./block-rules.ts";
import type { Ack } from "./http-delivery.ts";
import type { StateValues } from "./page/contract.ts";
import { viewPayload } from "./payloads.ts";
import type { Install, Person, View } from "./records.ts";
import type { Sim } from "./sim.ts";
import { SlackError } from "./slack-error.ts";
import { MODAL_TROUBLE } from "./slack-words.ts";
import type { Trigger } from "./triggers.ts";
import { keepTyped, refusalsByClient } from "./typed-values.ts";
import { checkView } from "./view-check.ts";
import { closeView, modalsOf, pushView, updateView } from "./views.ts";

export type Submitted = { errors?: Record<string, string>; trigger?: Trigger };

/** Submits a modal; on any failure it stays open with what was typed. */
export async function submit(
  sim: Sim,
  person: Person,
  viewId: string,
  values: StateValues,
): Promise<Submitted> {
  const { view, install } = openModal(sim, person, viewId);
  if (!view.payload.submit) throw new Refused("This modal has nothing to submit.");
  const filled = keepTyped(sim, view, values);
  const refusals = refusalsByClient(filled);
  if (Object.keys(refusals).length > 0) return { errors: refusals };
  const trigger = sim.triggers.issue({ teamId: install.teamId, userId: person.id, viewId });
  const payload = viewPayload({ sim, person, install }, "view_submission", filled, {
    trigger_id: trigger.id,
    response_urls: [],
  });
  const ack = await sim.delivery.interact("interactive", payload);
  return { trigger, ...follow(sim, { install, filled, trigger }, ack) };
}

type Submission = { install: Install; filled: View; trigger: Trigger };

/** Does what the ack says; an ack that Slack would not understand is trouble for the person. */
function follow(sim: Sim, submission: Submission, ack: Ack): Submitted {
  if (ack.got !== "answer") throw new Refused(MODAL_TROUBLE);
  const view = sim.world.views.get(submission.filled.id);
  if (ack.body === undefined || ack.body === "") {
    if (view) closeView(sim, view);
    return {};
  }
  if (!isFields(ack.body)) throw new Refused(MODAL_TROUBLE);
  try {
    return respondToModal(sim, submission, ack.body);
  } catch (error) {
    if (error instanceof SlackError) throw new Refused(MODAL_TROUBLE, { cause: error });
    throw error;
  }
}

function respondToModal(sim: Sim, submission: Submission, body: Fields): Submitted {
  const { install, filled, trigger } = submission;
  switch (body.response_action) {
    case "errors":
      return { errors: checkErrors(filled, body.errors) };
    case "update": {
      const view = sim.world.views.get(filled.id);
      if (!view) throw new SlackError("not_found");
      updateView(sim, install, view, checkView(body.view, "modal"));
      return {};
    }
    case "push":
      pushView(sim, install, trigger, checkView(body.view, "modal"));
      return {};
    case "clear":
      for (const view of modalsOf(sim.world, filled.userId)) closeView(sim, view);
      return {};
    default:
      throw new SlackError("invalid_response_action");
  }
}

/** Errors are keyed by block_ids of input blocks, each with a sentence. */
function checkErrors(view: View, errors: unknown): Record<string, string> {
  if (!isFields(errors) || Object.keys(errors).length === 0) throw new SlackError("no_errors");
  const inputs = view.payload.blocks.filter((block) => block.type === "input");
  const checked: Record<string, string> = {};
  for (const [blockId, sentence] of Object.entries(errors)) {
    if (!inputs.some((block) => block.block_id === blockId) || typeof sentence !== "string")
      throw new SlackError("invalid_errors");
    checked[blockId] = sentence;
  }
  return checked;
}

/** Closes the visible modal, or the whole stack; the app hears of it where it asked to. */
export async function closeModal(
  sim: Sim,
  person: Person,
  viewId: string,
  all = false,
): Promise<void> {
  const { view, install } = openModal(sim, person, viewId);
  const isCleared = all || view.payload.clear_on_close;
  const closed = isCleared ? modalsOf(sim.world, person.id).reverse() : [view];
  for (const each of closed) closeView(sim, each);
  for (const each of closed.filter((one) => one.payload.notify_on_close)) {
    const payload = viewPayload({ sim, person, install }, "view_closed", each, {
      is_cleared: isCleared,
    });
    await sim.delivery.interact("interactive", payload);
  }
}

function openModal(sim: Sim, person: Person, viewId: string): { view: View; install: Install } {
  const view = sim.world.views.get(viewId);
  const isVisible = modalsOf(sim.world, person.id).at(-1)?.id === viewId;
  const install = view && sim.world.installs.get(view.teamId);
  if (!view || !install || !isVisible) throw new Refused("This modal is not open.");
  return { view, install };
}
