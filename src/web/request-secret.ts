import { Problem } from "#errors.ts";
import type { Texts } from "#text/texts.ts";
import { HIDDEN } from "./request-form-views.ts";
import { isFromElsewhere } from "./request-guard.ts";
import type { Visit } from "./request-http.ts";
import type { RequestNeeds } from "./request-needs.ts";

/** Why it was not taken. */
export type Wrong = { status: number; faults?: Record<string, string>; refused?: string };
type Sent = {
  t: Texts;
  visit: Pick<Visit, "headers">;
  form: URLSearchParams;
  /** What the limit counts by. */
  subject: string;
};

/** What a page with a secret address asks of all that is sent from it. */
export function createSentTaker({ nonces, limits, origin, log }: RequestNeeds) {
  /** Undefined: it is done. `act` gets a key that is the same when the same page is sent twice. */
  return async (
    sent: Sent,
    act: (key: string) => Promise<Wrong | undefined>,
  ): Promise<Wrong | undefined> => {
    const { t, visit, form } = sent;
    const { otherSite, tooOld, notSaved } = t.web.refused;
    if (isFromElsewhere(visit.headers, origin)) return { status: 403, refused: otherSite };
    const nonce = nonces.read(form.get(HIDDEN.nonce) ?? "");
    if (!nonce || nonce.age === "too-old") return { status: 422, refused: tooOld };
    try {
      return (await tooOften(sent)) ?? (await act(nonce.id));
    } catch (error) {
      if (error instanceof Problem) return { status: 409, refused: t.problem(error) };
      log.error({ err: error, path: "/request/…" }, "a request failed"); // the address is a secret
      return { status: 503, refused: notSaved };
    }
  };

  async function tooOften({ t, subject }: Sent): Promise<Wrong | undefined> {
    const minutes = await limits.exceeded("page", { ticket: subject });
    return minutes === undefined
      ? undefined
      : { status: 429, refused: t.web.refused.tooMany(minutes) };
  }
}
