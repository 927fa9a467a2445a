import { readFile } from "node:fs/promises";
import { Command } from "commander";
import { isMap, isSeq, parseDocument } from "yaml";
import { SLACK_PATH } from "#slack/bolt.ts";
import { CommandRefused } from "./refused.ts";

const MANIFEST = new URL("../../manifest.yml", import.meta.url);

export function manifestCommand(): Command {
  return new Command("manifest")
    .description("print the app's manifest for api.slack.com")
    .option(
      "--url <https://…>",
      "where Slack reaches this Deskline over HTTP; without: Socket Mode",
    )
    .action(async ({ url }: { url?: string }) => {
      const socketMode = await readFile(MANIFEST, "utf8");
      process.stdout.write(url ? manifestForHttp(socketMode, url) : socketMode);
    });
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
