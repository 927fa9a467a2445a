import { z } from "zod";
import { Problem } from "#errors.ts";
import { type Texts, textsOf } from "#text/texts.ts";
import {
  CommentBody,
  type FieldFault,
  mailZone,
  type PageStep,
  RatingWords,
  stepsFrom,
  type TicketPage,
} from "#tickets/ask.ts";
import { BadForm } from "./form-parts.ts";
import { type Draw, lost } from "./request-draw.ts";
import { mayGoOn } from "./request-ending-views.ts";
import { typedIn, type Values } from "./request-fields.ts";
import {
  type Came,
  createFileTaker,
  NOTHING_CAME,
  refusedIn,
  type Sending,
  whyUnread,
} from "./request-files.ts";
import { HIDDEN } from "./request-form-views.ts";
import { isFromElsewhere, sendingKey } from "./request-guard.ts";
import { goTo, languageOf, type Visit, type WebAnswer } from "./request-http.ts";
import type { RequestNeeds } from "./request-needs.ts";
import { createSecretPages, type Wrong } from "./request-secret.ts";
import { openSent, type Sent } from "./request-sent.ts";
import {
  ATTACHMENTS,
  isAnswerable,
  PAGE_FIELDS,
  ticketPage,
  ticketTitle,
} from "./request-ticket-views.ts";

type Seen = { secret: string; t: Texts; found: TicketPage };

/** The visitor's page of a ticket: whoever has its address reads it, replies, and says whether it is solved. */
export function createTicketVisits(needs: RequestNeeds, draw: Draw) {
  const { pages, nonces, limits, origin, policy } = needs;
  const secretPages = createSecretPages(needs);
  const takeFiles = createFileTaker(needs);

  return async (secret: string, visit: Visit, visitor: Texts): Promise<WebAnswer> => {
    const found = await pages.find(secret);
    if (!found) return lost(visitor, draw);
    if (visit.method === "POST") return send(secret, visit, found);
    const language = visit.query.get("lang") ?? found.ticket.language;
    return show({ secret, t: textsOf(languageOf(language)), found });
  };

  async function send(secret: string, visit: Visit, found: TicketPage): Promise<WebAnswer> {
    await using sent = await openSent(visit);
    const chosen = visit.query.get("lang") ?? sent.typed.get("language");
    const seen = { secret, t: textsOf(languageOf(chosen ?? found.ticket.language)), found };
    const { t } = seen;
    const taken = isFromElsewhere(visit.headers, origin)
      ? { status: 403, refused: t.web.refused.otherSite }
      : await take(sent, { ...seen, visit }).catch((err: unknown) => whyNot(t, err));
    if ("status" in taken)
      return show({ ...seen, found: (await pages.find(secret)) ?? found }, sent.typed, taken);
    const isRefused = taken.refused.length + taken.told.length > 0;
    const url = taken.url ?? `/request/${secret}`;
    return goTo(`${url}?lang=${t.language}${isRefused ? `#${ATTACHMENTS}` : ""}`);
  }

  /** What came with it, when it is done. */
  async function take(sent: Sent, seen: Seen & { visit: Visit }) {
    const ready = await check(sent, seen);
    if ("status" in ready) return ready;
    const { step, key } = ready;
    const came = await bring(sent, step, { ...seen, address: seen.visit.address });
    if ("status" in came) return came;
    const sending = { ...step, ...came, key: sendingKey(key, step) };
    const elsewhere = await pages.step(seen.secret, sending);
    return { ...came, url: elsewhere?.url };
  }

  /** All that can be said before a file is looked at. `key`: of this sending. */
  async function check({ typed, files, failure }: Sent, { t, found }: Seen) {
    if (failure) return whyUnread(t, failure);
    const step = stepIn(t, typed, files !== undefined);
    if ("faults" in step) return { status: 422, ...step };
    const mayAct = await secretPages.check({ t, form: typed, subject: found.ticket.id });
    if ("status" in mayAct) return mayAct;
    const minutes = step.step === "go-on" ? await tooOften(found) : undefined;
    if (minutes !== undefined) return { status: 429, refused: t.web.refused.tooMany(minutes) };
    return { step, ...mayAct };
  }

  function tooOften({ ticket }: TicketPage): Promise<number | undefined> {
    return limits.exceeded("goOn", { address: ticket.requester_email ?? "" });
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
    const ownWords = error instanceof Problem && ownWordsOf(t, error);
    return ownWords ? { status: 409, refused: ownWords } : secretPages.whyNot(t, error);
  }

  function show(
    { secret, t, found }: Seen,
    sent = new URLSearchParams(),
    wrong: Wrong = { status: 200 },
  ): WebAnswer {
    const { status, faults = {}, refused } = wrong;
    const typed = { values: whereThereIsRoom(typedIn(sent, PAGE_FIELDS), found), faults, refused };
    // Sent again, it is the same: it may be saved although it could not be said.
    const nonce = sent.get(HIDDEN.nonce) ?? "";
    const age = nonces.read(nonce)?.age ?? "too-old";
    const kept = age === "too-old" ? nonces.issue() : nonce;
    const title = ticketTitle(t, found);
    return draw(t, status, {
      title: status === 422 ? `${t.web.faultTitle}${title}` : title,
      body: ticketPage(t, found, {
        nonce: kept,
        typed,
        factsUrl: `/request/facts/${secret}`,
        timeZone: mailZone(t.language, policy()),
      }),
    });
  }
}

/** Where Slack's people are told of their thread. */
function ownWordsOf(t: Texts, { code }: Problem): string | undefined {
  if (code === "offer-answered") return t.web.page.offerAnswered;
  if (code === "account-not-paid") return t.web.page.notPaid;
  return code === "already-closed" ? t.web.page.closed : undefined;
}

/** What was typed into a field that the page has no more stands in the reply, or in the new request of a closed one. */
function whereThereIsRoom(values: Values, page: TicketPage): Values {
  const { ticket, entries } = page;
  const { stuck = "", wrong = "", body = "", next = "" } = values;
  const hasOffer = entries.some((entry) => isAnswerable(ticket, entry));
  const left = [hasOffer ? "" : stuck, ticket.status === "solved" ? "" : wrong];
  const words = [next, body, ...left].filter((each) => each.trim() !== "").join("\n");
  return mayGoOn(page) ? { ...values, body: "", next: words } : { ...values, body: words };
}

/** Steps that need nothing but a press. */
const ALONE = ["solve", "close"] as const;

const Rating = z.object({
  score: z.enum(["good", "bad"], "choose"),
  words: RatingWords.optional(),
});

function ratingIn(t: Texts, typed: URLSearchParams) {
  const { score, words = "" } = typedIn(typed, ["score", "words"]);
  const { data, error } = Rating.safeParse({ score, ...(words.trim() !== "" && { words }) });
  if (data) {
    const said = data.words === undefined ? {} : { words: data.words };
    return { step: "rate", score: data.score, ...said } as const;
  }
  const faults = error.issues.map(({ path: [field], message }) => [
    field,
    t.fields[message as FieldFault], // the schema has only these messages
  ]);
  return { faults: Object.fromEntries(faults) };
}

/** Where the words of a step are typed. What is still wrong is information, which opens a solved one again. */
function fieldOf(step: string | null): "stuck" | "wrong" | "next" | "body" {
  if (step === "dispute") return "stuck";
  if (step === "go-on") return "next";
  return step === "reopen" ? "wrong" : "body";
}

/** Where files came along there need be no words. */
function stepIn(
  t: Texts,
  typed: URLSearchParams,
  hasFiles: boolean,
): PageStep | { faults: Record<string, string> } {
  const step = typed.get("step");
  const offerId = typed.get("offer") ?? "";
  const alone = ALONE.find((each) => each === step);
  if (alone) return { step: alone };
  if (step === "accept") return { step, offerId };
  if (step === "rate") return ratingIn(t, typed);
  const field = fieldOf(step);
  const { data: body, error } = CommentBody.safeParse(typedIn(typed, [field])[field]);
  if (step === "go-on" && !error) return { step, body };
  if (!error) return step === "dispute" ? { step, offerId, body } : { step: "inform", body };
  const fault = (error.issues[0]?.message ?? "textBlank") as FieldFault; // the schema has only these messages
  if (hasFiles && fault === "textBlank") return { step: "inform" };
  return { faults: { [field]: t.fields[fault] } };
}
