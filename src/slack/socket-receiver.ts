import { type App, type Logger as Chatter, type Receiver, SocketModeReceiver } from "@slack/bolt";
import type { Logger } from "pino";
import { CannotStart } from "#errors.ts";
import type { Metrics } from "#metrics.ts";
import { createDeliver } from "./delivery.ts";
import { Unreadable } from "./readable.ts";

const GOODBYE_MS = 2000; // socket-mode 3.1.0 takes 5 s and more to say goodbye

type Settings = { appToken: string; apiUrl: string; chatter: Chatter };
type Needs = { log: Logger; metrics: Metrics };

/** Slack over Socket Mode: Bolt's own receiver, with our way of delivering put before the app. */
export function createSocketReceiver(
  settings: Settings,
  { log, metrics }: Needs,
): Receiver & { isConnected(): boolean } {
  const { appToken, apiUrl, chatter } = settings;
  const receiver = new SocketModeReceiver({
    appToken,
    logger: chatter,
    installerOptions: { clientOptions: { slackApiUrl: apiUrl } },
    async processEventErrorHandler({ error }) {
      const isUnreadable = error instanceof Unreadable;
      if (isUnreadable) log.warn({ err: error }, "a request was refused");
      return isUnreadable; // acked, so that it does not come again; anything else shall
    },
  });
  let isConnected = false;
  const link = (isUp: boolean) => () => {
    isConnected = isUp;
    metrics.link("slack", isUp);
  };
  receiver.client.on("connected", link(true));
  for (const state of ["reconnecting", "disconnected"]) receiver.client.on(state, link(false));
  link(false)();
  return {
    isConnected: () => isConnected,
    init(bolt) {
      const app: Pick<App, "processEvent"> = { processEvent: createDeliver(bolt, log, metrics) };
      receiver.init(app as App); // it calls nothing else of it
    },
    start: () => receiver.start().catch(inWords),
    stop: () => Promise.race([receiver.client.disconnect(), sleep(GOODBYE_MS)]),
  };
}

/** It tries again by itself, but not with a token that Slack does not take. */
function inWords(error: unknown): never {
  const refusal = (error as { data?: { error?: unknown } } | undefined)?.data?.error;
  if (typeof refusal !== "string") throw error;
  throw new CannotStart(
    `Slack does not take SLACK_APP_TOKEN (${refusal}). Make a new one with the scope connections:write (Basic Information, App-Level Tokens).`,
    { cause: error },
  );
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
