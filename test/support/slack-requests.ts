import { signedHeaders } from "#simulator/sign.ts";
import type { TestApp } from "./app.ts";

/** What Slack itself would post, made by hand. */

export type Sent = { body: string; headers: Record<string, string> };

export const FORM = "application/x-www-form-urlencoded";

export function signed(
  app: TestApp,
  body: string,
  how: { type?: string; at?: number; secret?: string } = {},
): Sent {
  const { type = FORM, at = Date.now(), secret = app.simulator.signingSecret } = how;
  return { body, headers: { "content-type": type, ...signedHeaders(secret, body, at) } };
}

export function command(app: TestApp, fields: Record<string, string> = {}): string {
  return new URLSearchParams({
    token: "t",
    team_id: "T0ACME",
    team_domain: "acme",
    channel_id: "C0ACMEHELP",
    channel_name: "help",
    user_id: "U0TOM",
    user_name: "tom",
    command: "/tickets",
    text: "",
    api_app_id: "A0DESKLINE",
    is_enterprise_install: "false",
    response_url: `${app.simulator.url}/actions/T0ACME/none`,
    trigger_id: `trigger-${Math.random()}`,
    ...fields,
  }).toString();
}

export function interaction(payload: Record<string, unknown>): string {
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

export async function send(
  app: TestApp,
  { body, headers }: Sent,
  method = "POST",
): Promise<{ status: number; text: string }> {
  const response = await fetch(app.url, { method, headers, ...(method === "POST" && { body }) });
  return { status: response.status, text: await response.text() };
}

/** The longest that the event loop kept a 10 ms timer waiting. */
export function watchLag() {
  let worst = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    worst = Math.max(worst, performance.now() - last - 10);
    last = performance.now();
  }, 10);
  return {
    worst() {
      clearInterval(timer);
      return worst;
    },
  };
}
