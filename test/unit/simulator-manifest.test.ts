import { expect, it } from "vitest";
import { parseManifest, readManifest } from "#simulator/manifest.ts";

it("takes commands, shortcuts, scopes and events from a manifest", () => {
  const manifest = parseManifest(`
features:
  app_home: { home_tab_enabled: true }
  slash_commands:
    - { command: /ticket, description: Submit, usage_hint: "[subject]", should_escape: true }
  shortcuts:
    - { name: About it, type: message, callback_id: about, description: About a message }
oauth_config: { scopes: { bot: [commands] } }
settings: { event_subscriptions: { bot_events: [message.im] } }
`);

  expect(manifest).toEqual({
    commands: [
      { command: "/ticket", description: "Submit", usageHint: "[subject]", escapes: true },
    ],
    shortcuts: [
      { name: "About it", type: "message", callbackId: "about", description: "About a message" },
    ],
    scopes: ["commands"],
    events: ["message.im"],
    homeTab: true,
    messagesTab: false,
  });
});

it("reads the app's own", async () => {
  const { commands } = await readManifest("manifest.yml");

  expect(commands.map(({ command }) => command)).toContain("/ticket");
});

it("refuses a manifest without bot scopes", () => {
  expect(() => parseManifest("features: {}\nsettings: {}")).toThrow("oauth_config");
});
