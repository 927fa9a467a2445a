import { type Texts, textsOf } from "#text/texts.ts";
import { WEB_FIELDS } from "#tickets/ask.ts";
import { networkOf } from "./networks.ts";
import type { Draw } from "./request-draw.ts";
import { typedIn, type Values } from "./request-fields.ts";
import { FORM, HIDDEN, requestForm } from "./request-form-views.ts";
import { isFromElsewhere, sendingKey } from "./request-guard.ts";
import { goTo, languageOf, type TakeVisit, type Visit, type WebAnswer } from "./request-http.ts";
import type { RequestNeeds } from "./request-needs.ts";
import type { Wrong } from "./request-secret.ts";

type Sent = { t: Texts; values: Values; typed: URLSearchParams; nonce: string };

/** The filled form: every refusal gives the page back with all that was typed, and changes nothing. */
export function createFormTaker(needs: RequestNeeds, draw: Draw): TakeVisit {
  const { requests, policy, scores, nonces, proofs, limits, origin, log } = needs;

  return async (visit) => {
    const sent = sentIn(visit);
    const { t, typed } = sent;
    if (typed.has("switch")) return again(sent, { status: 200 });
    const wrong = await take(visit, sent).catch((err: unknown): Wrong => {
      log.error({ err, path: visit.path }, "a request failed");
      return { status: 503, refused: t.web.refused.notSaved };
    });
    return wrong ? again(sent, wrong) : goTo(`/request/sent?lang=${t.language}`);
  };

  /** Undefined: it is done. */
  async function take(visit: Visit, { t, values, typed, nonce }: Sent): Promise<Wrong | undefined> {
    if (isFromElsewhere(visit.headers, origin))
      return { status: 403, refused: t.web.refused.otherSite };
    const read = requests.read(t, values);
    if ("faults" in read) return { status: 422, faults: read.faults };
    const known = nonces.read(nonce);
    if (known?.age !== "fit") return { status: 422, refused: whyNot(t, known?.age) };
    if (typed.get(HIDDEN.trap)) return undefined; // whoever fills what nobody sees learns nothing
    const isProven = await proofs.holds(typed.get(HIDDEN.proof) ?? "", known.id);
    const refused = await tooOften(t, visit, { email: read.draft.email, isProven });
    if (refused) return { status: 429, refused };
    await requests.ask(read.draft, { language: t.language, key: sendingKey(known.id, read.draft) });
    return undefined;
  }

  async function tooOften(
    t: Texts,
    { address }: Visit,
    { email, isProven }: { email: string; isProven: boolean },
  ): Promise<string | undefined> {
    const by = { address: email, network: networkOf(address), everybody: "" };
    const minutes = await limits.exceeded(isProven ? "proven" : "plain", by);
    if (minutes === undefined) return undefined;
    return isProven ? t.web.refused.tooMany(minutes) : t.web.refused.tooManyPlain(minutes);
  }

  /** The page with all that was typed. Its nonce is not used up, unless it is too old or not of ours. */
  function again({ t, values, nonce }: Sent, { status, faults = {}, refused }: Wrong): WebAnswer {
    const age = nonces.read(nonce)?.age ?? "too-old";
    const form = {
      policy: policy(),
      scores: scores(),
      nonce: age === "too-old" ? nonces.issue() : nonce,
      values,
      faults,
      refused,
    };
    const title = status === 200 ? t.web.title : `${t.web.faultTitle}${t.web.title}`;
    return draw(t, status, { title, body: requestForm(t, form), formId: FORM });
  }
}

function sentIn({ body, headers }: Visit): Sent {
  const typed = new URLSearchParams(body.toString("utf8"));
  const language = typed.get("switch") ?? typed.get("language");
  return {
    t: textsOf(languageOf(language, headers["accept-language"])),
    values: typedIn(typed, WEB_FIELDS),
    typed,
    nonce: typed.get(HIDDEN.nonce) ?? "",
  };
}

function whyNot(t: Texts, age: "too-fast" | "too-old" | undefined): string {
  return age === "too-fast" ? t.web.refused.tooFast : t.web.refused.tooOld;
}
