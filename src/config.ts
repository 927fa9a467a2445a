import { z } from "zod";
import { CannotStart } from "./errors.ts";

const digits = z.string().regex(/^\d+$/, "Must be a number.").transform(Number);
const port = digits.pipe(z.number().max(65_535, "Must be a port number, at most 65535."));

const API_KEY = /^[a-z0-9_-]{1,40}:[0-9a-f]{64}$/;

/** Every setting. The table in the README is made from this. */
export const Settings = z.object({
  SLACK_BOT_TOKEN: z
    .string("Set it to the bot token of the app (OAuth & Permissions).")
    .startsWith("xoxb-", 'Must begin with "xoxb-".')
    .describe("The bot token of the first workspace, the vendor's own (home)"),
  SLACK_SIGNING_SECRET: z
    .string("Set it to the app's signing secret (Basic Information).")
    .min(8, "Must be the signing secret of the app.")
    .describe("Proves that a request comes from Slack"),
  SLACK_APP_TOKEN: z
    .string()
    .startsWith("xapp-", 'Must begin with "xapp-".')
    .optional()
    .describe("Set: Socket Mode. Absent: HTTP on `PORT`, path `/slack/events`"),
  SLACK_API_URL: z
    .url({ protocol: /^https?$/, error: "Must be a web address." })
    .default("https://slack.com/api/")
    .describe("Another address only for simulators and tests"),
  SLACK_FILES_URL: z
    .url({ protocol: /^https?$/, error: "Must be a web address." })
    .default("https://files.slack.com")
    .describe("Slack's file host: tokens go there for files, and to no other"),
  SLACK_PICTURES_URL: z
    .url({ protocol: /^https?$/, error: "Must be a web address." })
    .optional()
    .describe(
      "Where people's pictures may lie beside Slack's own hosts, only for simulators and tests",
    ),
  SLACK_AGENTS_CHANNEL: z
    .string("Set it to the id of the agents' channel, for example C0123ABCD.")
    .regex(/^[CG][A-Z0-9]+$/, "Must be a channel's id, for example C0123ABCD.")
    .describe("The channel of the triage cards; its members are the agents"),
  SLACK_AGENTS_WORKSPACE: z
    .string()
    .regex(/^T[A-Z0-9]+$/, "Must be a workspace's id, for example T0123ABCD.")
    .optional()
    .describe("Its workspace, when that is not the one of the token"),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: "Must be a postgres:// address." })
    .refine(namesDatabase, "Must be a postgres:// address with a machine or a database in it.")
    .optional()
    .describe("PostgreSQL 15 or newer. Absent: the embedded database in `DESKLINE_DATA`"),
  DESKLINE_DATA: z.string().default("./data").describe("Folder of the embedded database"),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: "Must be a redis:// address." })
    .optional()
    .describe("Redis 7 or Valkey: workers on any number of machines. Absent: the embedded worker"),
  DESKLINE_ROLE: z
    .enum(["all", "web", "worker"], "Must be all, web or worker.")
    .default("all")
    .describe("What this process does"),
  PORT: port
    .prefault("3000")
    .describe("Where Slack's requests, health and the desk's webhooks arrive"),
  METRICS_PORT: port
    .optional()
    .describe("A port of its own for `/metrics`, not to be reached from outside. Absent: `PORT`"),
  HOST: z.string().default("0.0.0.0").describe("The address to listen on"),
  DESKLINE_CONFIG: z
    .string()
    .optional()
    .describe(
      "The vendor's policy, a YAML file as `policy.example.yaml`: accounts and plans, topics, articles",
    ),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: "Must be a web address." })
    .refine(isPrivateOnItsWay, "Must be an https:// address: its links are secrets.")
    .optional()
    .describe("The address people reach `PORT` by, for the links of the web form"),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: "Must be a smtp:// or smtps:// address." })
    .optional()
    .describe(
      "Mail for visitors of the web form, `smtp://user:password@host:587`; absent: the form is off ([web-form.md](docs/web-form.md))",
    ),
  MAIL_FROM: z
    .email("Must be an e-mail address.")
    .optional()
    .describe("The address that mail comes from; needed with `SMTP_URL`"),
  TRUSTED_PROXIES: digits
    .pipe(z.number().max(10, "Must be at most 10."))
    .prefault("0")
    .describe(
      "How many proxies of yours stand before `PORT`: a visitor's address is then read from `X-Forwarded-For`",
    ),
  DESKLINE_API_KEYS: z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((each) => each !== ""))
    .pipe(
      z.array(z.string().regex(API_KEY, "Must be name:sha256 pairs, for example billing:9f86d0…")),
    )
    .transform((pairs) => pairs.map(apiKey))
    .optional()
    .describe(
      "Keys of the REST API, `name:sha256` pairs; absent: there is none ([policy.md](docs/policy.md))",
    ),
  HTTP_TIMEOUT_MS: digits
    .pipe(
      z
        .number()
        .min(200, "Must be at least 200 milliseconds.")
        .max(60_000, "Must be at most 60000 milliseconds."),
    )
    .prefault("10000")
    .describe(
      "How long a call to Slack or the desk may take. What a dead worker was doing is taken up 5 s later",
    ),
  LOG_LEVEL: z
    .enum(["trace", "debug", "info", "warn", "error", "silent"], "Must be a level of pino.")
    .default("info")
    .describe("How much is logged"),
});

/** Looked at even where a setting is wrong by itself, and then stands here as it was given. */
const Whole = Settings.superRefine(mustGoTogether, { when: () => true });

/** `D`: the settings of the desk, which each desk names itself. */
export type Config<D = unknown> = Readonly<z.output<typeof Settings>> & { readonly desk: D };

/** The settings of a database: all that the operator's command needs. */
export type DatabaseSettings = Pick<Config, "DATABASE_URL" | "DESKLINE_DATA">;

/** All that is wrong with the settings, in plain words, at once. */
export class SettingsProblem extends CannotStart {
  override name = "SettingsProblem";
  override readonly exitCode = 2;
}

export function readConfig<D>(
  deskSettings: z.ZodType<D>,
  env: NodeJS.ProcessEnv = process.env,
): Config<D> {
  const given = withoutBlanks(env);
  const settings = Whole.safeParse(given);
  const desk = deskSettings.safeParse(given);
  if (settings.success && desk.success) {
    return Object.freeze({ ...settings.data, desk: desk.data });
  }
  throw problemWith([settings.error, desk.error]);
}

export function readDatabaseSettings(env: NodeJS.ProcessEnv = process.env): DatabaseSettings {
  return readPart(Settings.pick({ DATABASE_URL: true, DESKLINE_DATA: true }), env);
}

/** The vendor's policy file, where there is one. */
export function readPolicyFile(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return readPart(Settings.pick({ DESKLINE_CONFIG: true }), env).DESKLINE_CONFIG;
}

/** Where Slack is: with the database, all that connecting a workspace needs. */
export function readSlackApiUrl(env: NodeJS.ProcessEnv = process.env): string {
  return readPart(Settings.pick({ SLACK_API_URL: true }), env).SLACK_API_URL;
}

function readPart<T>(part: z.ZodType<T>, env: NodeJS.ProcessEnv): T {
  const settings = part.safeParse(withoutBlanks(env));
  if (settings.success) return settings.data;
  throw problemWith([settings.error]);
}

/** What `npm run try` lets one choose. */
export function readTrialSettings(env: NodeJS.ProcessEnv = process.env) {
  const only = Settings.pick({ DESKLINE_DATA: true }).extend({
    LOG_LEVEL: Settings.shape.LOG_LEVEL.unwrap().default("warn"),
  });
  const settings = only.safeParse(withoutBlanks(env));
  if (settings.success) return settings.data;
  throw problemWith([settings.error]);
}

function namesDatabase(text: string): boolean {
  const url = URL.parse(text);
  return Boolean(url && (url.hostname || url.pathname.length > 1 || url.searchParams.has("host")));
}

/** On this machine itself nobody else listens. */
function isPrivateOnItsWay(address: string): boolean {
  const url = URL.parse(address);
  return (
    url?.protocol === "https:" || ["localhost", "127.0.0.1", "[::1]"].includes(url?.hostname ?? "")
  );
}

function mustGoTogether(settings: z.output<typeof Settings>, context: z.RefinementCtx): void {
  const needs = (path: string, message: string) =>
    context.addIssue({ code: "custom", path: [path], message });
  if (settings.PORT > 0 && settings.PORT === settings.METRICS_PORT) {
    needs("METRICS_PORT", "Must be another port than PORT, or absent.");
  }
  if (settings.SMTP_URL && !settings.PUBLIC_URL)
    needs("PUBLIC_URL", "Set it to the address of the web form, for SMTP_URL is set.");
  if (settings.SMTP_URL && !settings.MAIL_FROM)
    needs("MAIL_FROM", "Set it to the address that mail comes from, for SMTP_URL is set.");
  if (settings.DATABASE_URL) return;
  if (settings.REDIS_URL) {
    needs(
      "REDIS_URL",
      "Redis shares jobs between processes, and they need DATABASE_URL in common.",
    );
  }
  if (settings.DESKLINE_ROLE === "web" || settings.DESKLINE_ROLE === "worker") {
    needs("DESKLINE_ROLE", "web and worker are separate processes, and they need DATABASE_URL.");
  }
}

function apiKey(pair: string): { name: string; sha256: string } {
  const [name = "", sha256 = ""] = pair.split(":");
  return { name, sha256 };
}

/** `NAME=` in an environment file means: not set. */
function withoutBlanks(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
}

function problemWith(errors: (z.ZodError | undefined)[]): SettingsProblem {
  const lines = errors
    .flatMap((error) => error?.issues ?? [])
    .map(({ path, message }) => `  ${path.join(".")}: ${message}`);
  return new SettingsProblem(`These settings need attention:\n${lines.join("\n")}`);
}
