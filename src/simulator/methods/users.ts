import type { Fields } from "#simulator/block-rules.ts";
import { type Call, pageOf, personArg } from "#simulator/method.ts";
import { userJson } from "#simulator/slack-json.ts";

export function userInfo(call: Call): Fields {
  const person = personArg(call);
  return { user: userJson(call.sim.world, person, seenBy(call)) };
}

export function userList(call: Call): Fields {
  const { teamId } = call.install;
  const members = call.sim.world.people.values().filter((person) => person.teamId === teamId);
  const { page, response_metadata } = pageOf(call, members, { preset: 200, max: 1000 });
  return {
    members: page.map((person) => userJson(call.sim.world, person, seenBy(call))),
    cache_ts: Math.floor(Date.now() / 1000),
    response_metadata,
  };
}

function seenBy({ install, args }: Call) {
  return { teamId: install.teamId, withLocale: args.include_locale === true };
}
