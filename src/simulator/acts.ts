import { doAction } from "./act-action.ts";
import { runCommand } from "./act-command.ts";
import { edit, erase, send, toggleReaction } from "./act-message.ts";
import { closeModal, submit } from "./act-modal.ts";
import { personOf, Refused } from "./act-place.ts";
import { chooseShortcut } from "./act-shortcut.ts";
import { runStep } from "./act-step.ts";
import { archive, inviteApp, openApp, removeApp } from "./act-workspace.ts";
import type { Act } from "./page/contract.ts";
import type { Message, Person } from "./records.ts";
import type { Sim } from "./sim.ts";
import type { Trigger } from "./triggers.ts";

/** What came of an act: what the page hears, and what a test may follow. */
export type Outcome =
  | { ok: true; trigger?: Trigger; message?: Message }
  | { ok: false; errors?: Record<string, string>; refused?: string };

/** Everything a person can do, for the page and for tests alike. */
export async function act(sim: Sim, what: Act): Promise<Outcome> {
  try {
    return await perform(sim, personOf(sim, what.as), what);
  } catch (error) {
    if (error instanceof Refused) return { ok: false, refused: error.message };
    throw error;
  }
}

async function perform(sim: Sim, person: Person, what: Act): Promise<Outcome> {
  switch (what.do) {
    case "send": {
      const message = await send(sim, person, what, what);
      return message ? { ok: true, message } : { ok: true };
    }
    case "command":
      return { ok: true, trigger: await runCommand(sim, person, what) };
    case "shortcut":
      return { ok: true, trigger: await chooseShortcut(sim, person, what) };
    case "action":
      return { ok: true, trigger: await doAction(sim, person, what) };
    case "submit": {
      const { errors, trigger } = await submit(sim, person, what.viewId, what.values);
      if (errors) return { ok: false, errors };
      return { ok: true, ...(trigger && { trigger }) };
    }
    case "close":
      await closeModal(sim, person, what.viewId, what.all);
      return { ok: true };
    case "run-step":
      await runStep(sim, person, what);
      return { ok: true };
    default:
      performAtOnce(sim, person, what);
      return { ok: true };
  }
}

type AtOnce = Exclude<
  Act,
  { do: "send" | "command" | "shortcut" | "action" | "submit" | "close" | "run-step" }
>;

function performAtOnce(sim: Sim, person: Person, what: AtOnce): void {
  switch (what.do) {
    case "edit":
      edit(sim, person, what, what.text);
      break;
    case "delete":
      erase(sim, person, what);
      break;
    case "react":
      toggleReaction(sim, person, what, what.name);
      break;
    case "open-home":
      openApp(sim, person, "home");
      break;
    case "open-dm":
      openApp(sim, person, "messages");
      break;
    case "invite-app":
      inviteApp(sim, person, what.channel);
      break;
    case "remove-app":
      removeApp(sim, person, what.channel);
      break;
    case "archive":
      archive(sim, person, what.channel, what.archived);
      break;
    case "fault":
      sim.faults.add(what.fault);
      break;
    case "end-fault":
      sim.faults.end(what.id);
      break;
    default:
      what satisfies never;
  }
}
