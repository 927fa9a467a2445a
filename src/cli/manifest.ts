import { readFile } from "node:fs/promises";
import { Command, Option } from "commander";
import { isMap, isSeq, parse, parseDocument, visit } from "yaml";
import { SLACK_PATH } from "#slack/http-receiver.ts";
import { MANIFEST_JA } from "./manifest-words.ts";
import { CommandRefused } from "./refused.ts";

const STEP = new URL("../../workflow-step.yml", import.meta.url);
const MANIFEST = new URL("../../manifest.yml", import.meta.url);

type Wish = { url?: string; workflowStep?: boolean; language: "en" | "ja" };

export function manifestCommand(): Command {
  return new Command("manifest")
    .description("print the app's manifest for api.slack.com")
    .option(
      "--url <https://…>",
      "where Slack reaches this Deskline over HTTP; without: Socket Mode",
    )
    .option("--workflow-step", "with the step for Workflow Builder, on paid plans of Slack")
    .addOption(
      new Option(
        "--language <language>",
        "of the commands, shortcuts and the step: Slack takes one",
      )
        .choices(["en", "ja"])
        .default("en"),
    )
    .action(async ({ url, workflowStep, language }: Wish) => {
      const written = await readFile(MANIFEST, "utf8");
      const whole = workflowStep ? withStep(written, await readFile(STEP, "utf8")) : written;
      const manifest = language === "ja" ? manifestInJapanese(whole) : whole;
      process.stdout.write(url ? manifestForHttp(manifest, url) : manifest);
    });
}

/** An app gets its steps by its manifest, and only one that is ready for organizations may have any. */
function withStep(manifest: string, step: string): string {
  const whole = parseDocument(manifest);
  const { settings, functions } = parse(step);
  for (const [name, value] of Object.entries(settings)) whole.setIn(["settings", name], value);
  whole.set("functions", functions);
  return whole.toString({ lineWidth: 0 });
}

/** The same app, whose commands, shortcuts and step people read in Japanese. */
export function manifestInJapanese(english: string): string {
  const manifest = parseDocument(english);
  visit(manifest, {
    Scalar(_key, node) {
      const words = typeof node.value === "string" ? MANIFEST_JA[node.value] : undefined;
      if (words !== undefined) node.value = words;
    },
  });
  return manifest.toString({ lineWidth: 0 });
}

/** The same app, asking Slack to post to us instead of waiting on a socket. */
export function manifestForHttp(socketMode: string, url: string): string {
  const requestUrl = requestUrlOf(url);
  const manifest = parseDocument(socketMode.replace(/^(#.*\n)+/, ""));
  manifest.commentBefore = ` The app's manifest for HTTP. Slack posts to ${requestUrl}`;
  manifest.setIn(["settings", "socket_mode_enabled"], false);
  manifest.setIn(["settings", "event_subscriptions", "request_url"], requestUrl);
  manifest.setIn(["settings", "interactivity", "request_url"], requestUrl);
  const commands = manifest.getIn(["features", "slash_commands"]);
  for (const command of isSeq(commands) ? commands.items : []) {
    if (isMap(command)) command.set("url", requestUrl);
  }
  return manifest.toString({ lineWidth: 0 });
}

function requestUrlOf(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol !== "https:" || url.search || url.hash || url.username) {
    throw new CommandRefused(`--url must be an https address without query, not "${text}".`);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}${SLACK_PATH}`;
}
