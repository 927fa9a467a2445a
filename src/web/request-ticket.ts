import { Problem } from "#errors.ts";
import { type Texts, textsOf } from "#text/texts.ts";
import {
  CommentBody,
  type FieldFault,
  type PageStep,
  stepsFrom,
  type TicketPage,
} from "#tickets/ask.ts";
import { BadForm } from "./form-parts.ts";
import { type Draw, lost } from "./request-draw.ts";
import {
  type Came,
  createFileTaker,
  NOTHING_CAME,
  refusedIn,
  type Sending,
  type Wrong,
  whyUnread,
} from "./request-files.ts";
import { HIDDEN } from "./request-form-views.ts";
import { isFromElsewhere } from "./request-guard.ts";
import { goTo, languageOf, type Visit, type WebAnswer } from "./request-http.ts";
import { saying } from "./request-layout.ts";
import type { RequestNeeds } from "./request-needs.ts";
import { openSent, type Sent } from "./request-sent.ts";
import { ATTACHMENTS, ticketPage, ticketTitle } from "./request-ticket-views.ts";

type Seen = { t: Texts; found: TicketPage };

/** The visitor's page of a ticket: whoever has its address reads it, replies, and says whether it is solved. */
export function createTicketVisits(needs: RequestNeeds, draw: Draw) {
  const { tickets, nonces, origin, limits, log } = needs;
  const takeFiles = createFileTaker(needs);

  return async (secret: string, visit: Visit): Promise<WebAnswer> => {
    const chosen = visit.query.get("lang");
    const visitor = textsOf(languageOf(chosen, visit.headers["accept-language"]));
    try {
      const found = await tickets.page(secret);
      if (!found) return lost(visitor, draw);
      if (visit.method === "POST") return await send(secret, visit, found);
      return show({ t: textsOf(languageOf(chosen ?? found.ticket.language)), found });
    } catch (err) {
      const { refused } = notSaved(visitor, err);
      const { failedTitle: title } = visitor.web;
      return draw(visitor, 503, { title, body: saying(title, [refused]) });
    }
  };

  async function send(secret: string, visit: Visit, found: TicketPage): Promise<WebAnswer> {
    await using sent = await openSent(visit);
    const chosen = visit.query.get("lang") ?? sent.typed.get("language");
    const seen = { t: textsOf(languageOf(chosen ?? found.ticket.language)), found };
    const { t } = seen;
    const taken = isFromElsewhere(visit.headers, origin)
      ? { status: 403, refused: t.web.refused.otherSite }
      : await take(secret, sent, { ...seen, visit }).catch((err: unknown) => whyNot(t, err));
    if ("status" in taken)
      return show({ t, found: (await tickets.page(secret)) ?? found }, bodyIn(sent.typed), taken);
    const isRefused = taken.refused.length + taken.told.length > 0;
    return goTo(`/request/${secret}?lang=${t.language}${isRefused ? `#${ATTACHMENTS}` : ""}`);
  }

  /** What came with it, when it is done. */
  async function take(secret: string, sent: Sent, seen: Seen & { visit: Visit }) {
    const ready = await check(sent, seen);
    if ("status" in ready) return ready;
    const { step, key } = ready;
    const came = await bring(sent, step, { ...seen, address: seen.visit.address });
    if (!("status" in came)) await tickets.step(secret, { ...step, ...came, key });
    return came;
  }

  /** All that can be said before a file is looked at. `key`: of this sending. */
  async function check({ typed, files, failure }: Sent, { t, found }: Seen) {
    if (failure) return whyUnread(t, failure);
    const step = stepIn(t, typed, files !== undefined);
    if ("faults" in step) return { status: 422, ...step };
    const nonce = nonces.read(typed.get(HIDDEN.nonce) ?? "");
    if (!nonce || nonce.age === "too-old") return { status: 422, refused: t.web.refused.tooOld };
    const minutes = await limits.exceeded("page", { ticket: found.ticket.id });
    if (minutes !== undefined) return { status: 429, refused: t.web.refused.tooMany(minutes) };
    return { step, key: nonce.id };
  }

  async function bring({ files }: Sent, step: PageStep, sending: Sending): Promise<Came | Wrong> {
    const mayReply = stepsFrom(sending.found.ticket).includes("inform");
    if (!files || step.step !== "inform" || !mayReply) return NOTHING_CAME;
    const came = await takeFiles(files, sending);
    if ("status" in came || step.body !== undefined || came.passed.length > 0) return came;
    return { status: 422, refused: refusedIn(sending.t, came) };
  }

  function whyNot(t: Texts, error: unknown): Wrong {
    if (error instanceof BadForm) return whyUnread(t, error);
    if (error instanceof Problem) return { status: 409, refused: t.problem(error) };
    return notSaved(t, error);
  }

  function notSaved(t: Texts, err: unknown) {
    // Its address is a secret, which no log has.
    log.error({ err, path: "/request/…" }, "a request failed");
    return { status: 503, refused: t.web.refused.notSaved };
  }

  function show({ t, found }: Seen, body = "", wrong: Wrong = { status: 200 }): WebAnswer {
    const { status, faults = {}, refused } = wrong;
    const typed = { body, faults, refused };
    const title = ticketTitle(t, found);
    return draw(t, status, {
      title: status === 422 ? `${t.web.faultTitle}${title}` : title,
      body: ticketPage(t, found, { nonce: nonces.issue(), typed }),
    });
  }
}

/** A browser makes every line break two characters. */
function bodyIn(typed: URLSearchParams): string {
  return (typed.get("body") ?? "").replaceAll("\r\n", "\n");
}

/** Where files came along there need be no words. */
function stepIn(
  t: Texts,
  typed: URLSearchParams,
  hasFiles: boolean,
): PageStep | { faults: Record<string, string> } {
  const step = typed.get("step");
  if (step === "solve" || step === "reopen") return { step };
  const read = CommentBody.safeParse(bodyIn(typed));
  if (read.success) return { step: "inform", body: read.data };
  const fault = (read.error.issues[0]?.message ?? "textBlank") as FieldFault; // the schema has only these messages
  if (hasFiles && fault === "textBlank") return { step: "inform" };
  return { faults: { body: t.fields[fault] } };
}
