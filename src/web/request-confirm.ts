import { type Texts, textsOf } from "#text/texts.ts";
import type { WebDraft } from "#tickets/ask.ts";
import type { Draw } from "./request-draw.ts";
import { isFromElsewhere } from "./request-guard.ts";
import { goTo, languageOf, type Visit, type WebAnswer } from "./request-http.ts";
import { saying } from "./request-layout.ts";
import type { RequestNeeds } from "./request-needs.ts";
import { confirmPage, freePlanPage, gonePage } from "./request-page-views.ts";

type Request = { isFree: boolean; draft: WebDraft };

/** Where the link of the mail leads: what was typed, and the button that files it. */
export function createConfirmation({ tickets, policy, origin, log }: RequestNeeds, draw: Draw) {
  return async (secret: string, visit: Visit, visitor: Texts): Promise<WebAnswer> => {
    try {
      const request = await tickets.find(secret);
      if (!request) return gone(visitor);
      const t = textsOf(languageOf(visit.query.get("lang") ?? request.language));
      return await (visit.method === "POST" ? send(t, secret, visit) : show(t, request));
    } catch (err) {
      log.error({ err, path: "/request/confirm" }, "a request failed");
      return failed(visitor, 503, visitor.web.refused.notSaved);
    }
  };

  function show(t: Texts, { isFree, draft }: Request): WebAnswer {
    if (isFree) return free(t);
    return draw(t, 200, { title: t.web.confirm.title, body: confirmPage(t, policy(), draft) });
  }
  async function send(t: Texts, secret: string, { headers }: Visit): Promise<WebAnswer> {
    if (isFromElsewhere(headers, origin)) return failed(t, 403, t.web.refused.otherSite);
    const confirmed = await tickets.confirm(secret);
    if (!confirmed) return gone(t);
    return confirmed === "free" ? free(t) : goTo(confirmed.url);
  }
  function gone(t: Texts): WebAnswer {
    return draw(t, 404, { title: t.web.confirm.goneTitle, body: gonePage(t) });
  }
  function free(t: Texts): WebAnswer {
    return draw(t, 200, { title: t.web.freePlan.title, body: freePlanPage(t, policy()) });
  }
  function failed(t: Texts, status: number, sentence: string): WebAnswer {
    const title = t.web.failedTitle;
    return draw(t, status, { title, body: saying(title, [sentence]) });
  }
}
