import { createHash } from "node:crypto";
import { Problem } from "#errors.ts";
import { type Texts, textsOf } from "#text/texts.ts";
import { CommentBody, type FieldFault, type PageStep, type TicketPage } from "#tickets/ask.ts";
import { type Draw, lost } from "./request-draw.ts";
import { HIDDEN } from "./request-form-views.ts";
import { isFromElsewhere } from "./request-guard.ts";
import { goTo, languageOf, type Visit, type WebAnswer } from "./request-http.ts";
import { saying } from "./request-layout.ts";
import type { RequestNeeds } from "./request-needs.ts";
import { ticketPage, ticketTitle } from "./request-ticket-views.ts";

type Sent = { step: string | null; body: string; nonce: string };
type Seen = { t: Texts; found: TicketPage };
type Wrong = { status: number; faults?: Record<string, string>; refused?: string };

/** The visitor's page of a ticket: whoever has its address reads it, replies, and says whether it is solved. */
export function createTicketVisits(needs: RequestNeeds, draw: Draw) {
  const { tickets, nonces, origin, limits, log } = needs;

  return async (secret: string, visit: Visit): Promise<WebAnswer> => {
    const form = new URLSearchParams(visit.body.toString("utf8"));
    const chosen = visit.query.get("lang") ?? form.get("language");
    const visitor = textsOf(languageOf(chosen, visit.headers["accept-language"]));
    try {
      const found = await tickets.page(secret);
      if (!found) return lost(visitor, draw);
      const seen = { t: textsOf(languageOf(chosen ?? found.ticket.language)), found };
      if (visit.method !== "POST") return show(seen);
      return await send(secret, seen, { ...sentIn(form), headers: visit.headers });
    } catch (err) {
      const { refused } = notSaved(visitor, err);
      const { failedTitle: title } = visitor.web;
      return draw(visitor, 503, { title, body: saying(title, [refused]) });
    }
  };

  async function send(
    secret: string,
    seen: Seen,
    { headers, ...sent }: Sent & Pick<Visit, "headers">,
  ): Promise<WebAnswer> {
    const { t, found } = seen;
    const wrong = isFromElsewhere(headers, origin)
      ? { status: 403, refused: t.web.refused.otherSite }
      : await take(secret, sent, seen).catch((err: unknown) => notSaved(t, err));
    if (!wrong) return goTo(`/request/${secret}?lang=${t.language}`);
    return show({ t, found: (await tickets.page(secret)) ?? found }, sent, wrong);
  }

  /** Undefined: it is done. */
  async function take(secret: string, sent: Sent, { t, found }: Seen): Promise<Wrong | undefined> {
    const step = stepIn(t, sent);
    if ("faults" in step) return { status: 422, ...step };
    const nonce = nonces.read(sent.nonce);
    if (!nonce || nonce.age === "too-old") return { status: 422, refused: t.web.refused.tooOld };
    const minutes = await limits.exceeded("page", { ticket: found.ticket.id });
    if (minutes !== undefined) return { status: 429, refused: t.web.refused.tooMany(minutes) };
    try {
      await tickets.step(secret, { ...step, key: keyOf(nonce.id, step) });
      return undefined;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return { status: 409, refused: t.problem(error) };
    }
  }

  function notSaved(t: Texts, err: unknown) {
    // Its address is a secret, which no log has.
    log.error({ err, path: "/request/…" }, "a request failed");
    return { status: 503, refused: t.web.refused.notSaved };
  }

  function show(
    { t, found }: Seen,
    { body, nonce }: Pick<Sent, "body" | "nonce"> = { body: "", nonce: "" },
    wrong: Wrong = { status: 200 },
  ): WebAnswer {
    const { status, faults = {}, refused } = wrong;
    const typed = { body, faults, refused };
    // Sent again, it is the same: it may be saved although it could not be said.
    const age = nonces.read(nonce)?.age ?? "too-old";
    const kept = age === "too-old" ? nonces.issue() : nonce;
    const title = ticketTitle(t, found);
    return draw(t, status, {
      title: status === 422 ? `${t.web.faultTitle}${title}` : title,
      body: ticketPage(t, found, { nonce: kept, typed }),
    });
  }
}

/** The same step with the same words, sent by the same page. */
function keyOf(nonceId: string, step: PageStep): string {
  const digest = createHash("sha256").update(JSON.stringify(step)).digest("base64url");
  return `${nonceId}.${digest.slice(0, 22)}`;
}

function sentIn(form: URLSearchParams): Sent {
  return {
    step: form.get("step"),
    body: (form.get("body") ?? "").replaceAll("\r\n", "\n"),
    nonce: form.get(HIDDEN.nonce) ?? "",
  };
}

function stepIn(t: Texts, { step, body }: Sent): PageStep | { faults: Record<string, string> } {
  if (step === "solve" || step === "reopen") return { step };
  const read = CommentBody.safeParse(body);
  if (read.success) return { step: "inform", body: read.data };
  const fault = (read.error.issues[0]?.message ?? "textBlank") as FieldFault; // the schema has only these messages
  return { faults: { body: t.fields[fault] } };
}
