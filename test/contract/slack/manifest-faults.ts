import methods from "./methods.json" with { type: "json" };

/** The parts of a manifest that must agree with the code. */
export type Manifest = {
  features: { slash_commands: { command: string }[]; shortcuts: { callback_id: string }[] };
  oauth_config: { scopes: { bot: string[] } };
  settings: { event_subscriptions: { bot_events: string[] } };
};

/**
 * What the code does with Slack: Web API methods, events and commands by Slack's names, shortcuts by their callbacks,
 * and scopes that it names itself.
 */
export type Uses = {
  methods: string[];
  events: string[];
  commands: string[];
  shortcuts: string[];
  scopes: string[];
};

/** Everything in which the manifest and the code disagree; nothing when it asks exactly what is needed. */
export function manifestFaults(manifest: Manifest, uses: Uses): string[] {
  const commands = manifest.features.slash_commands.map(({ command }) => command);
  const shortcuts = manifest.features.shortcuts.map(({ callback_id }) => callback_id);
  const { bot_events: events } = manifest.settings.event_subscriptions;
  return [
    ...differences("command", commands, uses.commands),
    ...differences("shortcut", shortcuts, uses.shortcuts),
    ...differences("event", events, uses.events.flatMap(subscriptionsOf)),
    ...differences("scope", manifest.oauth_config.scopes.bot, neededScopes(uses)),
  ];
}

/** Cards and their threads live in public and private channels and in the app's own conversations with people. */
const MESSAGES = ["message.channels", "message.groups", "message.im"];

/** Reference of each event on docs.slack.dev. */
const EVENT_SCOPES: Record<string, string[]> = {
  "message.channels": ["channels:history"],
  "message.groups": ["groups:history"],
  "message.im": ["im:history"],
  app_home_opened: [],
  app_mention: ["app_mentions:read"],
  app_uninstalled: [],
  member_joined_channel: ["channels:read", "groups:read"],
  reaction_added: ["reactions:read"],
  tokens_revoked: [],
};

/** Methods whose scope depends on the kind of conversation: the kinds in which we call them. */
const KINDS: Record<string, string[]> = {
  "conversations.history": ["channels", "groups", "im"],
  "conversations.replies": ["channels", "groups", "im"],
  "conversations.info": ["channels", "groups"], // where a ticket's card stands
  "conversations.members": ["channels", "groups"], // the agents' channel
  "conversations.open": ["im"],
  "users.conversations": ["channels", "groups"],
};

function subscriptionsOf(event: string): string[] {
  if (event === "function_executed") return []; // the step brings it along
  return event === "message" ? MESSAGES : [event];
}

function neededScopes(uses: Uses): string[] {
  const ofCommands = uses.commands.length + uses.shortcuts.length > 0 ? ["commands"] : [];
  const ofEvents = uses.events
    .flatMap(subscriptionsOf)
    .flatMap(
      (event) => EVENT_SCOPES[event] ?? [`(unknown: the event ${event} is not listed here)`],
    );
  return [
    ...new Set([
      ...ofCommands,
      ...ofEvents,
      ...uses.methods.flatMap(scopesOfMethod),
      ...uses.scopes,
    ]),
  ];
}

function scopesOfMethod(name: string): string[] {
  const scopes = (methods.methods as Record<string, string[]>)[name];
  if (!scopes) return [`(unknown: methods.json has no ${name})`];
  if (scopes.length < 2) return scopes;
  const kinds = KINDS[name] ?? [];
  const chosen = scopes.filter((scope) => kinds.includes(scope.split(":")[0] ?? ""));
  return chosen.length > 0 ? chosen : [`(unknown: where ${name} is called is not listed here)`];
}

function differences(what: string, asked: string[], needed: string[]): string[] {
  return [
    ...needed.filter((each) => !asked.includes(each)).map((each) => `${what} missing: ${each}`),
    ...asked.filter((each) => !needed.includes(each)).map((each) => `${what} not needed: ${each}`),
    ...asked.filter((each, at) => asked.indexOf(each) < at).map((each) => `${what} twice: ${each}`),
  ];
}
