import { Problem } from "#errors.ts";
import { type Texts, textsOf } from "#text/texts.ts";
import { CommentBody, type FieldFault, type PageStep, type TicketPage } from "#tickets/ask.ts";
import { type Draw, lost } from "./request-draw.ts";
import type { Values } from "./request-fields.ts";
import { HIDDEN } from "./request-form-views.ts";
import { isFromElsewhere } from "./request-guard.ts";
import { goTo, languageOf, type Visit, type WebAnswer } from "./request-http.ts";
import { saying } from "./request-layout.ts";
import type { RequestNeeds } from "./request-needs.ts";
import { PAGE_FIELDS, ticketPage, ticketTitle } from "./request-ticket-views.ts";

type Sent = { step: string | null; values: Values; offerId: string; nonce: string };
type Seen = { secret: string; t: Texts; found: TicketPage };
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
      const seen = { secret, t: textsOf(languageOf(chosen ?? found.ticket.language)), found };
      if (visit.method !== "POST") return show(seen);
      return await send(seen, { ...sentIn(form), headers: visit.headers });
    } catch (err) {
      const { refused } = notSaved(visitor, err);
      const { failedTitle: title } = visitor.web;
      return draw(visitor, 503, { title, body: saying(title, [refused]) });
    }
  };

  async function send(
    seen: Seen,
    { headers, ...sent }: Sent & Pick<Visit, "headers">,
  ): Promise<WebAnswer> {
    const { secret, t, found } = seen;
    const wrong = isFromElsewhere(headers, origin)
      ? { status: 403, refused: t.web.refused.otherSite }
      : await take(sent, seen).catch((err: unknown) => notSaved(t, err));
    if (!wrong) return goTo(`/request/${secret}?lang=${t.language}`);
    return show({ secret, t, found: (await tickets.page(secret)) ?? found }, sent.values, wrong);
  }

  /** Undefined: it is done. */
  async function take(sent: Sent, { secret, t, found }: Seen): Promise<Wrong | undefined> {
    const step = stepIn(t, sent);
    if ("faults" in step) return { status: 422, ...step };
    const nonce = nonces.read(sent.nonce);
    if (!nonce || nonce.age === "too-old") return { status: 422, refused: t.web.refused.tooOld };
    const minutes = await limits.exceeded("page", { ticket: found.ticket.id });
    if (minutes !== undefined) return { status: 429, refused: t.web.refused.tooMany(minutes) };
    try {
      await tickets.step(secret, { ...step, key: nonce.id });
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
    { secret, t, found }: Seen,
    values: Values = {},
    wrong: Wrong = { status: 200 },
  ): WebAnswer {
    const { status, faults = {}, refused } = wrong;
    const typed = { values, faults, refused };
    const title = ticketTitle(t, found);
    return draw(t, status, {
      title: status === 422 ? `${t.web.faultTitle}${title}` : title,
      body: ticketPage(t, found, {
        nonce: nonces.issue(),
        typed,
        factsUrl: `/request/facts/${secret}`,
      }),
    });
  }
}

function sentIn(form: URLSearchParams): Sent {
  return {
    step: form.get("step"),
    values: Object.fromEntries(
      PAGE_FIELDS.map((name) => [name, (form.get(name) ?? "").replaceAll("\r\n", "\n")]),
    ),
    offerId: form.get("offer") ?? "",
    nonce: form.get(HIDDEN.nonce) ?? "",
  };
}

type Faults = { faults: Record<string, string> };

function stepIn(t: Texts, { step, values, offerId }: Sent): PageStep | Faults {
  if (step === "solve" || step === "reopen") return { step };
  if (step === "accept") return { step, offerId };
  const field = step === "dispute" ? "stuck" : "body";
  const { data: body, error } = CommentBody.safeParse(values[field]);
  if (error) {
    const fault = (error.issues[0]?.message ?? "textBlank") as FieldFault; // the schema has only these messages
    return { faults: { [field]: t.fields[fault] } };
  }
  return step === "dispute" ? { step, offerId, body } : { step: "inform", body };
}
