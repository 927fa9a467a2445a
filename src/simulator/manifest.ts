import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";

const Written = z.object({
  features: z.object({
    app_home: z
      .object({
        home_tab_enabled: z.boolean().default(false),
        messages_tab_enabled: z.boolean().default(false),
      })
      .prefault({}),
    slash_commands: z
      .array(
        z.object({
          command: z.string().startsWith("/"),
          description: z.string(),
          usage_hint: z.string().default(""),
          should_escape: z.boolean().default(false),
        }),
      )
      .default([]),
    shortcuts: z
      .array(
        z.object({
          name: z.string(),
          type: z.enum(["global", "message"]),
          callback_id: z.string(),
          description: z.string(),
        }),
      )
      .default([]),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()).default([]) }) }),
  settings: z.object({
    event_subscriptions: z.object({ bot_events: z.array(z.string()).default([]) }).prefault({}),
  }),
});

/** What the simulator takes from an app's manifest. */
export type Manifest = {
  commands: { command: string; description: string; usageHint: string; escapes: boolean }[];
  shortcuts: {
    name: string;
    type: "global" | "message";
    callbackId: string;
    description: string;
  }[];
  scopes: string[];
  events: string[];
  homeTab: boolean;
  messagesTab: boolean;
};

export async function readManifest(path: string | URL): Promise<Manifest> {
  return parseManifest(await readFile(path, "utf8"));
}

export function parseManifest(yaml: string): Manifest {
  const { features, oauth_config, settings } = Written.parse(parse(yaml));
  return {
    commands: features.slash_commands.map((each) => ({
      command: each.command,
      description: each.description,
      usageHint: each.usage_hint,
      escapes: each.should_escape,
    })),
    shortcuts: features.shortcuts.map(({ callback_id: callbackId, ...rest }) => ({
      ...rest,
      callbackId,
    })),
    scopes: oauth_config.scopes.bot,
    events: settings.event_subscriptions.bot_events,
    homeTab: features.app_home.home_tab_enabled,
    messagesTab: features.app_home.messages_tab_enabled,
  };
}
