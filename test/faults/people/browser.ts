import { solveChallenge } from "altcha-lib/v1";
import { z } from "zod";
import { nonceIn } from "../../support/web-page.ts";
import type { World } from "../world/world.ts";
import type { Came } from "./patience.ts";

const ANSWER_MS = 10_000;
const SENTENCE = /<div class="faults"[^>]*>([\s\S]*?)<\/div>/;

/** A visitor's browser: what it shows is the last page that came, and a form is sent from there. */
export type Browser = {
  look(path: string): Promise<Came>;
  /** With the nonce of the page, as a form has it. */
  send(path: string, form: Record<string, string>): Promise<Came>;
  /** The same with a file behind the fields. */
  sendFile(path: string, form: Record<string, string>, file: File): Promise<Came>;
  /** The proof of work for the form that is shown. */
  prove(): Promise<string>;
  page(): string;
  /** Where what was sent led to. */
  wentTo(): string;
};

/** Each of them in a network of their own, by the number in their word: one network may send 30 forms an hour. */
export function browserOf({ webUrl }: World, token: string): Browser {
  const number = Number(/\d+/.exec(token)?.[0]);
  const from = `10.${(number >> 8) & 255}.${number & 255}.1`;
  let page = "";
  let wentTo = "";

  async function ask(path: string, init: RequestInit = {}): Promise<Came> {
    try {
      const answer = await fetch(new URL(path, webUrl), {
        ...init,
        headers: { "x-forwarded-for": from, "sec-fetch-site": "same-origin" },
        redirect: "manual",
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      const body = await answer.text();
      const location = answer.headers.get("location");
      if (location) wentTo = new URL(location, webUrl).pathname;
      if (nonceIn(body)) page = body; // who is told that it did not work goes back to what they typed
      return judge(answer.status, body);
    } catch (error) {
      return { outcome: "unknown", said: String(error) };
    }
  }

  const filled = (form: Record<string, string>) =>
    Object.entries({ ...form, nonce: nonceIn(page), language: "en" });

  return {
    look: (path) => ask(path),
    send: (path, form) => ask(path, { method: "POST", body: new URLSearchParams(filled(form)) }),
    sendFile(path, form, file) {
      const body = new FormData();
      for (const [name, value] of filled(form)) body.append(name, value);
      body.append("files", file);
      return ask(path, { method: "POST", body });
    },
    async prove() {
      const asked = await fetch(new URL(`/request/challenge?nonce=${nonceIn(page)}`, webUrl));
      const { maxnumber, ...challenge } = Challenge.parse(await asked.json());
      const { algorithm, salt } = challenge;
      const solved = await solveChallenge(challenge.challenge, salt, algorithm, maxnumber).promise;
      return btoa(JSON.stringify({ ...challenge, number: solved?.number }));
    },
    page: () => page,
    wentTo: () => wentTo,
  };
}

const Challenge = z.object({
  algorithm: z.string(),
  challenge: z.string(),
  maxnumber: z.number(),
  salt: z.string(),
  signature: z.string(),
});

/** From 500 on nobody knows; below, the page says no. */
function judge(status: number, body: string): Came {
  if (status < 400) return { outcome: "ok" };
  const said = `${status} ${SENTENCE.exec(body)?.[1]?.replaceAll(/<[^>]*>|\s+/g, " ") ?? ""}`;
  return { outcome: status < 500 ? "failed" : "unknown", said: said.trim() };
}
