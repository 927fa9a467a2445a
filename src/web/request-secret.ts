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
  form: URLSearchParams;
  /** What the limit counts by. */
  subject: string;
};

/** What the pages with a secret address ask of all that is sent from them. */
export function createSecretPages({ nonces, limits, origin, log }: RequestNeeds) {
  return {
    /** Undefined: it is done. `act` gets a key that is the same when the same page is sent twice. */
    async take(
      { visit, ...sent }: Sent & { visit: Pick<Visit, "headers"> },
      act: (key: string) => Promise<Wrong | undefined>,
    ): Promise<Wrong | undefined> {
      const { t } = sent;
      if (isFromElsewhere(visit.headers, origin))
        return { status: 403, refused: t.web.refused.otherSite };
      try {
        const mayAct = await check(sent);
        return "key" in mayAct ? await act(mayAct.key) : mayAct;
      } catch (error) {
        return whyNot(t, error);
      }
    },
    check,
    whyNot,
  };

  /** Its nonce, which is the key of what is done by it, and how often something came from there. */
  async function check({ t, form, subject }: Sent): Promise<{ key: string } | Wrong> {
    const { tooOld, tooMany } = t.web.refused;
    const nonce = nonces.read(form.get(HIDDEN.nonce) ?? "");
    if (!nonce || nonce.age === "too-old") return { status: 422, refused: tooOld };
    const minutes = await limits.exceeded("page", { ticket: subject });
    return minutes === undefined ? { key: nonce.id } : { status: 429, refused: tooMany(minutes) };
  }

  function whyNot(t: Texts, error: unknown): Wrong {
    if (error instanceof Problem) return { status: 409, refused: t.problem(error) };
    log.error({ err: error, path: "/request/…" }, "a request failed"); // the address is a secret
    return { status: 503, refused: t.web.refused.notSaved };
  }
}
