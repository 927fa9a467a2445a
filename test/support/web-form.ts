import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Desk } from "#desk/desk.ts";
import { freePort } from "../faults/processes/free-port.ts";
import { startTestApp, type TestApp } from "./app.ts";
import { type MailServer, startMailServer } from "./mail.ts";
import { nonceIn, pathIn } from "./web-page.ts";

export const VISITOR = "mika@acme.example";
export const FILLED = {
  name: "Mika",
  email: VISITOR,
  topic: "sign-in",
  subject: "ログインできない",
  description: "今朝からログインできません。\n503と出ます。",
  what: "function",
  who: "some",
  workaround: "none",
  priority: "normal",
};
export type Filled = Record<string, string>;

export type WebForm = AsyncDisposable & {
  app: TestApp;
  mail: MailServer;
  origin: string;
  /** Fills the form as a browser would, and answers what came back. */
  send(filled?: Filled, how?: How): Promise<Answer>;
  visit(path: string, init?: RequestInit): Promise<Answer>;
  /** Of a form that was just opened. */
  nonce(): Promise<string>;
  post(path: string, form?: Filled, headers?: Record<string, string>): Promise<Answer>;
  /** The same on the page of a ticket, with the nonce that stands there. */
  write(path: string, form: Filled): Promise<Answer>;
  /** A reply there with files, as a browser sends it. */
  reply(path: string, body: string, files: File[], nonce?: string): Promise<Answer>;
  /** The link of the mail that came to this address. */
  link(address?: string): Promise<string>;
  /** From the form to the ticket's page, confirmed. */
  file(filled?: Filled): Promise<string>;
};
type How = { proof?: boolean; waitMs?: number; headers?: Record<string, string>; nonce?: string };
export type Answer = { status: number; body: string; headers: Headers };

/** Longer than a form must be looked at. */
export const PATIENT_MS = 3100;

type Options = {
  desk?: Desk;
  policyFile?: string;
  env?: Record<string, string>;
  paced?: boolean;
};

/** The real app, with the example's policy unless another is given, and a real SMTP server. */
export async function startWebForm(options: Options = {}): Promise<WebForm> {
  const { policyFile = "policy.example.yaml", env, ...parts } = options;
  await using stack = new AsyncDisposableStack();
  const mail = stack.use(await startMailServer());
  const port = await freePort(); // its links name it before it is listened on
  const app = stack.use(
    await startTestApp({
      ...parts,
      env: {
        DESKLINE_CONFIG: policyFile,
        SMTP_URL: mail.url,
        MAIL_FROM: "support@vendor.example",
        PORT: String(port),
        PUBLIC_URL: `http://127.0.0.1:${port}`,
        TRUSTED_PROXIES: "1",
        ...env,
      },
    }),
  );
  const origin = `http://127.0.0.1:${app.app.port}`;

  async function visit(path: string, init: RequestInit = {}): Promise<Answer> {
    const answer = await fetch(`${origin}${path}`, { redirect: "manual", ...init });
    return { status: answer.status, body: await answer.text(), headers: answer.headers };
  }
  async function send(filled: Filled = FILLED, how: How = {}): Promise<Answer> {
    const isNew = how.nonce === undefined;
    const nonce = how.nonce ?? (await newNonce());
    await sleep(how.waitMs ?? (isNew ? PATIENT_MS : 0));
    const proof = how.proof === false ? "" : await solve(nonce);
    const form = { ...filled, nonce, proof, language: filled.language ?? "ja" };
    return post("/request", form, how.headers);
  }
  function post(
    path: string,
    form: Filled = {},
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const body = new URLSearchParams(form);
    return visit(path, {
      method: "POST",
      body,
      headers: { "sec-fetch-site": "same-origin", ...headers },
    });
  }
  async function newNonce(): Promise<string> {
    return nonceIn((await visit("/request")).body);
  }
  async function write(path: string, form: Filled): Promise<Answer> {
    return post(path, { ...form, nonce: nonceIn((await visit(path)).body) });
  }
  async function reply(
    path: string,
    typed: string,
    files: File[],
    nonce?: string,
  ): Promise<Answer> {
    const body = new FormData();
    const fields = { nonce: nonce ?? nonceIn((await visit(path)).body), language: "ja" };
    for (const [name, value] of Object.entries({ ...fields, step: "inform", body: typed }))
      body.set(name, value);
    for (const file of files.length > 0 ? files : [new File([], "")]) body.append("files", file);
    return visit(path, { method: "POST", body, headers: { "sec-fetch-site": "same-origin" } });
  }
  async function solve(nonce: string): Promise<string> {
    const { body } = await visit(`/request/challenge?nonce=${nonce}`);
    const { maxnumber: _most, ...challenge } = JSON.parse(body);
    return btoa(JSON.stringify({ ...challenge, number: numberOf(challenge) }));
  }
  async function link(address = VISITOR): Promise<string> {
    await untilTrue(() => mail.to(address).length > 0);
    return pathIn(mail.to(address).at(-1)?.text ?? "");
  }
  async function file(filled: Filled = FILLED): Promise<string> {
    await send(filled);
    const address = filled.email ?? VISITOR;
    const filed = await post(await link(address));
    return pathIn(filed.headers.get("location") ?? "");
  }
  const running = stack.move();
  return {
    ...{ app, mail, origin, send, visit, nonce: newNonce, post, write, reply, link, file },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

export async function untilTrue(probe: () => unknown, timeoutMs = 30_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await probe())) {
    if (Date.now() > end) throw new Error(`not within ${timeoutMs} ms: ${probe}`);
    await sleep(25);
  }
}

function numberOf({ challenge, salt }: { challenge: string; salt: string }): number {
  let number = 0;
  while (createHash("sha256").update(`${salt}${number}`).digest("hex") !== challenge) number += 1;
  return number;
}
