import { randomBytes } from "node:crypto";
import type { PolicyNow } from "#accounts/ask.ts";
import { type Texts, textsOf } from "#text/texts.ts";
import type { Scores } from "#tickets/ask.ts";
import type { RequestAssets } from "./request-assets.ts";
import { createConfirmation } from "./request-confirm.ts";
import { createContactVisits } from "./request-contact.ts";
import { createDraw, type Draw, lost } from "./request-draw.ts";
import { createFactsVisits } from "./request-facts.ts";
import { FORM, requestForm } from "./request-form-views.ts";
import { json, languageOf, type TakeVisit, type Visit, type WebAnswer } from "./request-http.ts";
import { saying } from "./request-layout.ts";
import type { RequestNeeds } from "./request-needs.ts";
import { sentPage } from "./request-page-views.ts";
import { createFormTaker } from "./request-take.ts";
import { createTicketVisits } from "./request-ticket.ts";

const METHODS = ["GET", "HEAD", "POST"];
const PATH = /^\/request\/(confirm\/|contact\/|facts\/)?([\w-]{43})$/;
const REMEMBERED_PAGES = 2; // one for each language

/**
 * Everything under `/request`: the form, where it is confirmed, the visitor's page of a ticket, where its facts are
 * corrected, and where a contact answers.
 */
export function createRequestForm(needs: RequestNeeds): TakeVisit {
  const { assets, nonces, proofs } = needs;
  const draw = createDraw(assets);
  const emptyForm = rememberForm(needs, draw);
  const takeForm = createFormTaker(needs, draw);
  const confirmation = createConfirmation(needs, draw);
  const contactVisits = createContactVisits(needs, draw);
  const factsVisits = createFactsVisits(needs, draw);
  const ticketVisits = createTicketVisits(needs, draw);

  return async (visit) => {
    const { path, method, query, headers } = visit;
    const asset = assets.answer(path);
    if (asset) return asset;
    const t = textsOf(languageOf(query.get("lang"), headers["accept-language"]));
    if (!METHODS.includes(method)) return notAllowed(t, draw);
    if (visit.isTooBig) return tooBig(t, draw);
    return (await fixedPage(visit, t)) ?? secretPage(visit, t);
  };

  async function fixedPage({ path, method, query }: Visit, t: Texts) {
    if (path === "/request" && method !== "POST") return emptyForm(t);
    if (path === "/request/sent") return sent(t);
    return path === "/request/challenge" ? challenge(query.get("nonce") ?? "", t) : undefined;
  }
  async function secretPage(visit: Visit, t: Texts): Promise<WebAnswer> {
    if (visit.path === "/request") return takeForm(visit);
    const [, folder, secret = ""] = PATH.exec(visit.path) ?? [];
    if (!secret) return lost(t, draw);
    if (folder === "confirm/") return confirmation(secret, visit, t);
    const take = { "contact/": contactVisits, "facts/": factsVisits }[folder ?? ""] ?? ticketVisits;
    return take(secret, visit, t).catch((err: unknown) => failed(t, err));
  }
  function failed(t: Texts, err: unknown): WebAnswer {
    // Its address is a secret, which no log has.
    needs.log.error({ err, path: "/request/…" }, "a request failed");
    const { failedTitle: title, refused } = t.web;
    return draw(t, 503, { title, body: saying(title, [refused.notSaved]) });
  }
  function sent(t: Texts): WebAnswer {
    return draw(t, 200, { title: t.web.sent.title, body: sentPage(t) });
  }
  async function challenge(nonce: string, t: Texts): Promise<WebAnswer> {
    const known = nonces.read(nonce);
    return known ? json(await proofs.challenge(known.id)) : lost(t, draw);
  }
}

/** What is answered where the form is off. */
export function createRequestFormOff(assets: RequestAssets): TakeVisit {
  const draw = createDraw(assets);
  return async ({ path, query, headers }) => {
    const asset = assets.answer(path);
    if (asset) return asset;
    const t = textsOf(languageOf(query.get("lang"), headers["accept-language"]));
    const { offTitle: title, off } = t.web;
    return draw(t, 404, { title, body: saying(title, [off]) });
  };
}

function tooBig(t: Texts, draw: Draw): WebAnswer {
  const { failedTitle: title, refused } = t.web;
  return draw(t, 413, { title, body: saying(title, [refused.tooBig]) });
}

function notAllowed(t: Texts, draw: Draw): WebAnswer {
  const answer = lost(t, draw);
  return { ...answer, status: 405, headers: { ...answer.headers, allow: METHODS.join(", ") } };
}

/** The empty form is the same for everybody but for its nonce: drawn once for each policy, scores and language. */
function rememberForm(
  { policy, scores, nonces }: RequestNeeds,
  draw: Draw,
): (t: Texts) => WebAnswer {
  let drawn: (Shown & { language: string; form: DrawnForm })[] = [];
  return (t) => {
    const now: Shown = { policy: policy(), scores: scores() };
    let known = drawn.find(
      (each) =>
        each.policy === now.policy && each.scores === now.scores && each.language === t.language,
    );
    if (!known) {
      known = { ...now, language: t.language, form: drawForm(t, now, draw) };
      drawn = [known, ...drawn].slice(0, REMEMBERED_PAGES);
    }
    const { before, after, answer } = known.form;
    const body = Buffer.concat([before, Buffer.from(nonces.issue(), "latin1"), after]);
    // With its length said, it leaves in one piece.
    return { ...answer, headers: { ...answer.headers, "content-length": `${body.length}` }, body };
  };
}

type Shown = { policy: ReturnType<PolicyNow>; scores: Scores };
type DrawnForm = { answer: WebAnswer; before: Buffer; after: Buffer };

function drawForm(t: Texts, shown: Shown, draw: Draw): DrawnForm {
  const nonce = randomBytes(16).toString("hex");
  const form = { ...shown, nonce, values: {}, faults: {} };
  const answer = draw(t, 200, { title: t.web.title, body: requestForm(t, form), formId: FORM });
  const [before = "", after = ""] = String(answer.body).split(nonce);
  return { answer, before: Buffer.from(before), after: Buffer.from(after) };
}
