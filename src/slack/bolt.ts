import type { RequestListener } from "node:http";
import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from "@slack/bolt";
import type { Logger } from "pino";
import { clientOptions } from "./clients.ts";
import type { FindInstallation } from "./installation.ts";

export const SLACK_PATH = "/slack/events";
const BODY_LIMIT = 1024 * 1024; // Slack's own largest payload is a view of 250 KB
const ACK_MS = 3001;

export type BoltApp = {
  app: App;
  /** Present over HTTP: what answers Slack's requests. Absent in Socket Mode. */
  requestListener?: RequestListener;
  start(): Promise<void>;
  stop(): Promise<void>;
};

type Settings = { apiUrl: string; signingSecret: string; appToken?: string | undefined };

/** Bolt with our own `authorize`: an unknown workspace has no token, and `replies.ts` says so to the person. */
export function createBolt(
  settings: Settings,
  findInstallation: FindInstallation,
  log: Logger,
): BoltApp {
  const receiver = settings.appToken
    ? socketReceiver(settings.appToken, settings.apiUrl, log)
    : httpReceiver(settings.signingSecret, log);
  const app = new App({
    receiver,
    convoStore: false,
    ignoreSelf: false, // our own messages settle what was sent
    clientOptions: clientOptions(settings.apiUrl),
    logger: boltLog(log),
    async authorize({ teamId }) {
      const installation = teamId ? await findInstallation(teamId) : undefined;
      if (!installation) return teamId ? { teamId } : {};
      const { botToken, botId, botUserId } = installation;
      return { teamId: installation.teamId, botToken, botId, botUserId };
    },
  });
  if (receiver instanceof HTTPReceiver) {
    return {
      app,
      requestListener: receiver.requestListener,
      start: async () => {},
      stop: async () => {},
    };
  }
  return { app, ...socketLife(receiver) };
}

function httpReceiver(signingSecret: string, log: Logger): HTTPReceiver {
  return new HTTPReceiver({
    signingSecret,
    endpoints: SLACK_PATH,
    bodyLimit: BODY_LIMIT,
    unhandledRequestTimeoutMillis: ACK_MS,
    logger: boltLog(log),
  });
}

function socketReceiver(appToken: string, apiUrl: string, log: Logger): SocketModeReceiver {
  return new SocketModeReceiver({
    appToken,
    logger: boltLog(log),
    installerOptions: { clientOptions: { slackApiUrl: apiUrl } },
  });
}

function socketLife(receiver: SocketModeReceiver) {
  return {
    async start() {
      await receiver.start();
    },
    async stop() {
      // Not awaited for ever: socket-mode 3.1.0 takes 5 s and more to say goodbye.
      await Promise.race([receiver.client.disconnect(), sleep(2000)]);
    },
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

/** Bolt's chatter goes to our log at a lower level: what matters we say ourselves. */
function boltLog(log: Logger) {
  const own = log.child({ part: "bolt" });
  const say =
    (level: "trace" | "debug" | "warn") =>
    (...words: unknown[]) =>
      own[level]({ said: words.map(String).join(" ").slice(0, 500) }, "bolt says");
  return {
    debug: say("trace"),
    info: say("debug"),
    warn: say("debug"),
    error: say("warn"),
    setLevel() {},
    getLevel: () => LogLevel.INFO,
    setName() {},
  };
}
