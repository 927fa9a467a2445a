import { App, LogLevel, type Receiver } from "@slack/bolt";
import type { Logger } from "pino";
import type { Metrics } from "#metrics.ts";
import { clientOptions } from "./clients.ts";
import { createHttpReceiver, type TakeRequest } from "./http-receiver.ts";
import type { FindInstallation, Installation } from "./installation.ts";
import { createSocketReceiver } from "./socket-receiver.ts";

const AUTHORIZE_MS = 1000; // before an ack

export type BoltApp = {
  app: App;
  /** Present over HTTP: what answers Slack's requests. Absent in Socket Mode. */
  takeRequest?: TakeRequest;
  /** Whether Slack's deliveries can come in. */
  isHearing(): boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
};

type Settings = { apiUrl: string; signingSecret: string; appToken?: string | undefined };

/** Bolt with our own `authorize`: an unknown workspace has no token, and `replies.ts` says so to the person. */
export function createBolt(
  settings: Settings,
  needs: { findInstallation: FindInstallation; log: Logger; metrics: Metrics },
): BoltApp {
  const { findInstallation, log } = needs;
  const { apiUrl, signingSecret, appToken } = settings;
  const receiver: Receiver & { takeRequest?: TakeRequest; isConnected?: () => boolean } = appToken
    ? createSocketReceiver({ appToken, apiUrl, chatter: boltLog(log) }, needs)
    : createHttpReceiver(signingSecret, needs);
  const app = new App({
    receiver,
    convoStore: false,
    ignoreSelf: false, // our own messages settle what was sent
    clientOptions: clientOptions(apiUrl),
    logger: boltLog(log),
    authorize: ({ teamId }) => authorize(findInstallation, teamId),
  });
  app.error((error) => Promise.reject(error)); // whoever delivers it says so, once
  const { takeRequest, isConnected = () => true } = receiver;
  return {
    app,
    ...(takeRequest && { takeRequest }),
    isHearing: isConnected,
    start: async () => void (await receiver.start()),
    stop: async () => void (await receiver.stop()),
  };
}

/** Never throws: Bolt would answer for us. `unsure` is why the workspace could not be looked up. */
async function authorize(findInstallation: FindInstallation, teamId: string | undefined) {
  if (!teamId) return {};
  try {
    const installation = await soon(findInstallation(teamId));
    if (!installation) return { teamId };
    const { botToken, botId, botUserId } = installation;
    return { teamId, botToken, botId, botUserId };
  } catch (unsure) {
    return { teamId, unsure };
  }
}

async function soon(found: Promise<Installation | undefined>) {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error("the workspace was not found in time")),
      AUTHORIZE_MS,
    );
  });
  try {
    return await Promise.race([found, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Bolt's chatter goes to our log at a lower level: what matters we say ourselves. Its `debug` quotes every message. */
function boltLog(log: Logger) {
  const own = log.child({ part: "bolt" });
  const say =
    (level: "debug" | "warn") =>
    (...words: unknown[]) =>
      own[level]({ said: words.map(String).join(" ").slice(0, 500) }, "bolt says");
  return {
    debug() {},
    info: say("debug"),
    warn: say("debug"),
    error: say("warn"),
    setLevel() {},
    getLevel: () => LogLevel.INFO,
    setName() {},
  };
}
