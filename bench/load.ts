import { createHmac } from "node:crypto";
import { Agent, request } from "node:http";

export const SIGNING_SECRET = "bench-signing-secret";
export const CHANNEL = "C0ASKED";
let count = 0;

/** A signed slash command, as Slack sends it. */
export function command(name: string, text: string): string {
  count += 1;
  return new URLSearchParams({
    command: name,
    text,
    team_id: "T1",
    user_id: "U1",
    channel_id: CHANNEL,
    trigger_id: `trigger-${process.pid}-${count}`,
    response_url: "http://127.0.0.1:1/none",
  }).toString();
}

/** A signed submission of the new-ticket modal whose subject carries `mark`. */
export function submission(mark: string): string {
  count += 1;
  const typed = (id: string, value: string) => [id, { [id]: { type: "plain_text_input", value } }];
  const values = Object.fromEntries([
    typed("subject", mark),
    typed("description", "Nothing works since nine o'clock."),
    chosen("what", "nothing-works"),
    chosen("who", "all"),
    chosen("workaround", "none"),
    chosen("priority", "normal"),
  ]);
  const payload = {
    type: "view_submission",
    team: { id: "T1" },
    user: { id: "U1", team_id: "T1", name: "una" },
    trigger_id: `trigger-${count}`,
    view: {
      id: `V${process.pid}X${count}`,
      type: "modal",
      callback_id: "ticket.new",
      private_metadata: CHANNEL,
      blocks: [{ type: "input", block_id: "subject" }],
      state: { values },
    },
  };
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

/** A person's message in a thread, as Slack tells of it: JSON. */
export function threadReply(teamId: string, threadTs: string): string {
  count += 1;
  const ts = `${1_800_000_000 + count}.000100`;
  const message = { type: "message", channel: CHANNEL, channel_type: "channel", user: "U2" };
  const event = { ...message, text: "It still says 503.", ts, thread_ts: threadTs, event_ts: ts };
  return JSON.stringify({
    ...{ type: "event_callback", team_id: teamId, api_app_id: "A1", event_time: 1_800_000_000 },
    event_id: `Ev${process.pid}X${count}`,
    event,
    authorizations: [{ team_id: teamId, user_id: "U2BOT", is_bot: true }],
  });
}

/** A choice in the new-ticket modal, whose id carries `mark`. */
export function choice(mark: string): string {
  count += 1;
  const payload = {
    type: "block_actions",
    team: { id: "T1" },
    user: { id: "U1", team_id: "T1", name: "una" },
    trigger_id: `trigger-${count}`,
    actions: [{ type: "static_select", action_id: "ticket.new-changed", block_id: "what" }],
    view: {
      id: `V-${mark}`,
      hash: `1.${count}`,
      type: "modal",
      callback_id: "ticket.new",
      private_metadata: CHANNEL,
      blocks: [],
      state: {
        values: Object.fromEntries([chosen("what", "nothing-works"), chosen("priority", "high")]),
      },
    },
  };
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

function chosen(id: string, value: string) {
  return [id, { [id]: { type: "static_select", selected_option: { value } } }];
}

const agents = new Map<number, Agent>();

/** Posts one signed body; milliseconds until the answer was read. */
export async function post(url: URL, body: string, connections = 1): Promise<number> {
  const stamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac("sha256", SIGNING_SECRET)
    .update(`v0:${stamp}:${body}`)
    .digest("hex");
  const agent = agents.get(connections) ?? new Agent({ keepAlive: true, maxSockets: connections });
  agents.set(connections, agent);
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const req = request(
      url,
      {
        method: "POST",
        agent,
        headers: {
          "content-type": body.startsWith("{")
            ? "application/json"
            : "application/x-www-form-urlencoded",
          "content-length": Buffer.byteLength(body),
          "x-slack-request-timestamp": stamp,
          "x-slack-signature": `v0=${signature}`,
        },
      },
      (res) => {
        res.resume();
        res.on("end", () => {
          if (res.statusCode === 200) resolve(performance.now() - began);
          else reject(new Error(`${url} answered ${res.statusCode}`));
        });
      },
    );
    req.on("error", reject);
    req.end(body);
  });
}

/** Runs `each` `total` times with so many at once; the milliseconds each took. */
export async function hammer(
  total: number,
  connections: number,
  each: () => Promise<number>,
): Promise<number[]> {
  const times: number[] = [];
  let left = total;
  async function runner(): Promise<void> {
    while (left > 0) {
      left -= 1;
      times.push(await each());
    }
  }
  await Promise.all(Array.from({ length: connections }, runner));
  return times;
}

/** Every kind once a round, forth and back: what the machine does meanwhile falls on all of them. */
export async function inTurn<K extends string>(
  rounds: number,
  kinds: Record<K, () => Promise<number>>,
): Promise<Record<K, number[]>> {
  const names = Object.keys(kinds) as K[]; // its own keys
  const measured = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    K,
    number[]
  >;
  for (const name of names) await kinds[name](); // warm
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 ? names.toReversed() : names) {
      measured[name].push(await kinds[name]());
    }
  }
  return measured;
}

/** How many a second; the milliseconds of each are added to `each`. */
export async function rateOf(
  total: number,
  work: () => Promise<number[]>,
  each: number[] = [],
): Promise<number> {
  const began = performance.now();
  each.push(...(await work()));
  return (total / (performance.now() - began)) * 1000;
}

export function median(times: number[]): number {
  return quantile(times, 0.5);
}

export function quantile(times: number[], q: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}
