import type { Fields } from "#simulator/block-rules.ts";
import type { Call } from "#simulator/method.ts";
import { APP_ID } from "#simulator/seed.ts";
import { SlackError } from "#simulator/slack-error.ts";

export function apiTest({ args }: Call): Fields {
  if (typeof args.error === "string" && args.error) throw new SlackError(args.error, { args });
  return { args };
}

export function authTest({ sim, install }: Call): Fields {
  const workspace = sim.world.workspaces.get(install.teamId);
  return {
    url: `${sim.origin}/`,
    team: workspace?.name,
    user: "deskline",
    team_id: install.teamId,
    user_id: install.botUserId,
    bot_id: install.botId,
    is_enterprise_install: false,
  };
}

export function teamInfo(call: Call): Fields {
  const { sim, install, args } = call;
  const id = args.team ?? install.teamId;
  const workspace = sim.world.workspaces.get(String(id));
  if (!workspace || workspace.id !== install.teamId) throw new SlackError("team_not_found");
  const { name, domain } = workspace;
  return { team: { id: workspace.id, name, domain, email_domain: "", icon: {} } };
}

export function botsInfo(call: Call): Fields {
  const { sim, install, args } = call;
  if (args.bot !== undefined && args.bot !== install.botId) throw new SlackError("bot_not_found");
  const bot = sim.world.people.get(install.botUserId);
  return {
    bot: {
      id: install.botId,
      deleted: false,
      name: bot?.name,
      updated: 1_700_000_000,
      app_id: APP_ID,
      user_id: install.botUserId,
      icons: {},
    },
  };
}
