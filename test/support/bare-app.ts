import { App, LogLevel } from "@slack/bolt";
import type { ModalView } from "@slack/types";
import type { Manifest } from "#simulator/manifest.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "#simulator/simulator.ts";

export type BareApp = AsyncDisposable & { simulator: Simulator; app: App };

const command = (name: string) => ({
  command: name,
  description: name,
  usageHint: "",
  escapes: false,
});

/** A manifest of the tests' own: what the simulator does must not hang on what our app asks for. */
export const bareManifest: Manifest = {
  commands: ["/ticket", "/tickets", "/support-access"].map(command),
  shortcuts: [
    { name: "Anywhere", type: "global", callbackId: "anywhere", description: "Anywhere" },
    { name: "About it", type: "message", callbackId: "about", description: "About a message" },
  ],
  scopes: [
    ...["commands", "chat:write", "users:read", "im:write", "channels:read", "groups:read"],
    ...["channels:history", "groups:history", "im:history"],
  ],
  events: [
    ...["app_home_opened", "app_uninstalled", "member_joined_channel", "tokens_revoked"],
    ...["message.channels", "message.groups", "message.im"],
  ],
  homeTab: true,
  messagesTab: true,
};

/** A plain Bolt app, nothing of ours in it, installed in a fresh simulator. */
export async function startBareApp(
  mode: "http" | "socket",
  register: (app: App) => void,
  options: Partial<SimulatorOptions> = {},
): Promise<BareApp> {
  const simulator = await startSimulator({
    manifest: bareManifest,
    eventRetries: [10, 20, 40],
    ...options,
  });
  const app = createApp(simulator, mode);
  register(app);
  const server = await app.start(0);
  if (mode === "http" && server && "address" in server) {
    const address = server.address();
    if (address && typeof address === "object")
      simulator.deliverTo(`http://127.0.0.1:${address.port}/slack/events`);
  }
  return {
    simulator,
    app,
    async [Symbol.asyncDispose]() {
      await Promise.all([app.stop(), simulator[Symbol.asyncDispose]()]);
    },
  };
}

export function createApp(simulator: Simulator, mode: "http" | "socket"): App {
  return new App({
    signingSecret: simulator.signingSecret,
    ...(mode === "socket" && { socketMode: true, appToken: simulator.appToken }),
    // The app must see that its own messages arrive.
    ignoreSelf: false,
    logLevel: LogLevel.ERROR,
    clientOptions: {
      slackApiUrl: simulator.apiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
    },
    authorize: async ({ teamId }) => ({
      botToken: simulator.tokens[teamId ?? ""] ?? "",
      botId: `B0DL${teamId?.slice(2)}`,
      botUserId: `U0DL${teamId?.slice(2)}`,
    }),
  });
}

export function ticketModal(subject = ""): ModalView {
  return {
    type: "modal",
    callback_id: "ticket",
    title: { type: "plain_text", text: "New ticket" },
    submit: { type: "plain_text", text: "Send" },
    blocks: [
      {
        type: "input",
        block_id: "subject",
        label: { type: "plain_text", text: "Subject" },
        element: {
          type: "plain_text_input",
          action_id: "text",
          max_length: 150,
          ...(subject && { initial_value: subject }),
        },
      },
      { type: "divider" },
    ],
  };
}
