import { z } from "zod";
import type { Db } from "#db/connect.ts";
import type { Desk } from "./desk.ts";
import { embeddedSettings, openEmbeddedDesk } from "./embedded.ts";
import { openHttpDesk } from "./http.ts";
import { httpSettings } from "./http-settings.ts";

/** One line per desk: its name in `DESK`, its own environment variables, and how it opens (which loads its libraries). */
export const desks = {
  embedded: kind(embeddedSettings, openEmbeddedDesk),
  http: kind(httpSettings, openHttpDesk),
};

export type DeskName = keyof typeof desks;
export type DeskSettings = {
  [N in DeskName]: { DESK: N } & z.output<(typeof desks)[N]["settings"]>;
}[DeskName];
/** `timeoutMs`: how long one call to the desk may take. */
export type DeskNeeds = { db: Db; timeoutMs: number };

/** `DESK` and the variables of the desk it names, out of the flat environment; those of other desks are not looked at. */
export const deskSettings: z.ZodType<DeskSettings> = z
  .looseObject({ DESK: z.string().optional() })
  .transform((env, context) => {
    const name = env.DESK || "embedded";
    if (!isDeskName(name)) {
      const message = `Must be one of: ${Object.keys(desks).join(", ")}.`;
      context.addIssue({ code: "custom", path: ["DESK"], message });
      return z.NEVER;
    }
    const parsed = desks[name].settings.safeParse(env);
    for (const { message, path } of parsed.error?.issues ?? []) {
      context.addIssue({ code: "custom", path, message });
    }
    // The name and the settings belong together, which TypeScript cannot follow through the union.
    return { DESK: name, ...parsed.data } as DeskSettings;
  });

export async function openDesk(settings: DeskSettings, needs: DeskNeeds): Promise<Desk> {
  // As above: these are the settings of that name.
  return desks[settings.DESK].open(settings as never, needs);
}

function kind<S extends z.ZodObject>(
  settings: S,
  open: (settings: z.output<S>, needs: DeskNeeds) => Promise<Desk>,
) {
  return { settings, open };
}

function isDeskName(name: string): name is DeskName {
  return Object.hasOwn(desks, name);
}
