/** A lane lets one job through at a time, in the order they came, with a pause between two. */
export type Lane = string & { readonly lane: unique symbol };

const CHANNEL_GAP_MS = 1000; // Slack: one message a second in a channel
const METHOD_GAP_MS = {
  "chat.update": 1200, // Slack tier 3: 50 a minute
  "chat.getPermalink": 200, // its own tier: hundreds a minute
  "conversations.open": 1200, // tier 3
  "conversations.replies": 1200, // tier 3
  "files.info": 600, // tier 4
  "functions.complete": 1200, // completeSuccess and completeError: tier 3 each
  "reactions.add": 1200, // tier 3
  "users.info": 600, // tier 4: 100 a minute
};

/** Messages into one channel. */
export function channelLane(teamId: string, channelId: string): Lane {
  return `channel/${teamId}/${channelId}` as Lane; // the only places where lanes are made
}

/** Calls of one Slack method in one workspace. */
export function methodLane(teamId: string, method: keyof typeof METHOD_GAP_MS): Lane {
  return `method/${teamId}/${method}` as Lane;
}

/** Changes of one ticket at its desk: in order, as fast as the desk answers. */
export function deskLane(ticketId: string): Lane {
  return `desk/${ticketId}` as Lane;
}

/** Mails about one ticket: in order. */
export function mailLane(ticketId: string): Lane {
  return `mail/${ticketId}` as Lane;
}

const LANE_KINDS = ["channel", "method", "desk", "mail"] as const;
export type LaneKind = (typeof LANE_KINDS)[number];

/** Undefined for a lane that no version of ours has made. */
export function kindOfLane(lane: string): LaneKind | undefined {
  return LANE_KINDS.find((kind) => lane.startsWith(`${kind}/`));
}

export function gapMs(lane: string): number {
  const [kind, , name] = lane.split("/");
  if (kind === "channel") return CHANNEL_GAP_MS;
  if (kind === "method") return METHOD_GAP_MS[name as keyof typeof METHOD_GAP_MS] ?? CHANNEL_GAP_MS;
  return 0;
}
