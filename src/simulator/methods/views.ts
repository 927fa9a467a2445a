import type { Fields } from "#simulator/block-rules.ts";
import { type Call, textArg } from "#simulator/method.ts";
import type { View } from "#simulator/records.ts";
import { invalidArguments, SlackError } from "#simulator/slack-error.ts";
import { viewJson } from "#simulator/slack-json.ts";
import { checkView } from "#simulator/view-check.ts";
import { homeOf, openView, publishHome, pushView, updateView } from "#simulator/views.ts";

export function viewsOpen(call: Call): Fields {
  const payload = checkView(call.args.view, "modal");
  const trigger = call.sim.triggers.check(textArg(call, "trigger_id"), call.install.teamId);
  return answer(call, openView(call.sim, call.install, trigger, payload));
}

export function viewsPush(call: Call): Fields {
  const payload = checkView(call.args.view, "modal");
  const trigger = call.sim.triggers.check(textArg(call, "trigger_id"), call.install.teamId);
  return answer(call, pushView(call.sim, call.install, trigger, payload));
}

export function viewsUpdate(call: Call): Fields {
  const view = viewArg(call);
  const payload = checkView(call.args.view, view.payload.type);
  refuseStaleHash(call, view);
  return answer(call, updateView(call.sim, call.install, view, payload));
}

export function viewsPublish(call: Call): Fields {
  const { sim, install } = call;
  if (!sim.manifest.homeTab) throw new SlackError("not_enabled");
  const person = sim.world.people.get(textArg(call, "user_id"));
  if (!person || person.teamId !== install.teamId) throw new SlackError("user_not_found");
  const payload = checkView(call.args.view, "home");
  const before = homeOf(sim.world, install, person.id);
  if (before) refuseStaleHash(call, before);
  return answer(call, publishHome(sim, install, person.id, payload));
}

function viewArg(call: Call): View {
  const { view_id, external_id } = call.args;
  if ((view_id === undefined) === (external_id === undefined))
    throw invalidArguments(["[ERROR] must define exactly one of: view_id, external_id"]);
  const view = call.sim.world.views
    .values()
    .find(
      (each) => each.id === view_id || (external_id && each.payload.external_id === external_id),
    );
  if (!view || view.teamId !== call.install.teamId) throw new SlackError("not_found");
  return view;
}

function refuseStaleHash(call: Call, view: View): void {
  const { hash } = call.args;
  if (hash !== undefined && hash !== "" && hash !== view.hash)
    throw new SlackError("hash_conflict");
}

function answer(call: Call, view: View): Fields {
  return { view: viewJson(view, call.install) };
}
