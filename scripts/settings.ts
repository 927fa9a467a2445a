import { z } from "zod";
import { Settings } from "#config.ts";
import { deskSettings, desks } from "#desk/desks.ts";

type Setting = {
  name: string;
  meaning: string;
  isRequired: boolean;
  fallback: string | undefined;
};

const Shape = z.object({
  properties: z.record(
    z.string(),
    z.object({
      description: z.string(),
      default: z.union([z.string(), z.number()]).optional(),
      enum: z.array(z.string()).optional(),
    }),
  ),
  required: z.array(z.string()).default([]),
});

/** The table of the README. */
export function settingsTable(): string {
  const rows = allSettings().map(({ name, meaning, isRequired, fallback }) => {
    const last = fallback ? `\`${fallback}\`` : isRequired ? "**required**" : "";
    return `| \`${name}\` | ${meaning.replaceAll("|", "\\|")} | ${last} |`;
  });
  return ["| setting | meaning | default |", "| --- | --- | --- |", ...rows].join("\n");
}

/** The whole of `.env.example`: what must be set stands open, what may be set is a comment. */
export function envExample(): string {
  const head = [
    "# Copy this file to .env and fill it in: docs/slack-setup.md leads through it.",
    "# `npm start` then starts Deskline.",
  ];
  const parts = allSettings().map(({ name, meaning, isRequired, fallback }) => {
    const line = `${name}=${fallback ?? ""}`;
    return isRequired ? `# Required. ${meaning}\n${line}` : `# ${meaning}\n# ${line}`;
  });
  return `${[head.join("\n"), ...parts].join("\n\n")}\n`;
}

function allSettings(): Setting[] {
  return [
    ...settingsOf(Settings),
    {
      name: "DESK",
      meaning: `Where tickets are filed: ${Object.keys(desks).map(code).join(", ")}`,
      isRequired: false,
      fallback: deskSettings.parse({}).DESK,
    },
    // Required by their desk alone, and their own words name it.
    ...Object.values(desks).flatMap(({ settings }) =>
      settingsOf(settings).map((setting) => ({ ...setting, isRequired: false })),
    ),
  ];
}

/** A setting without a description fails here: nobody could tell what it is for. */
function settingsOf(schema: z.ZodType): Setting[] {
  const { properties, required } = Shape.parse(z.toJSONSchema(schema, { io: "input" }));
  return Object.entries(properties).map(([name, { description, default: fallback, enum: of }]) => ({
    name,
    meaning: of ? `${description}: ${of.map(code).join(", ")}` : description,
    isRequired: required.includes(name),
    fallback: fallback === undefined ? undefined : String(fallback),
  }));
}

function code(text: string): string {
  return `\`${text}\``;
}
