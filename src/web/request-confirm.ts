import { type Texts, textsOf } from "#text/texts.ts";
import type { FoundRequest } from "#tickets/ask.ts";
import { anchorOf, VOTE } from "./request-article-views.ts";
import type { Draw } from "./request-draw.ts";
import { isFromElsewhere } from "./request-guard.ts";
import { goTo, languageOf, type Visit, type WebAnswer } from "./request-http.ts";
import { saying } from "./request-layout.ts";
import type { RequestNeeds } from "./request-needs.ts";
import {
  confirmPage,
  elsewherePage,
  filedPage,
  freePlanPage,
  gonePage,
} from "./request-page-views.ts";

type Sent = { visit: Visit; request: FoundRequest };

/** Where the link of the mail leads: what was typed, and the button that files it. */
export function createConfirmation(needs: RequestNeeds, draw: Draw) {
  const { requests, votes, policy, limits, origin, log } = needs;

  return async (secret: string, visit: Visit, visitor: Texts): Promise<WebAnswer> => {
    try {
      const request = await requests.find(secret);
      if (!request) return gone(visitor);
      const t = textsOf(languageOf(visit.query.get("lang") ?? request.language));
      return await (visit.method === "POST"
        ? send(t, secret, { visit, request })
        : show(t, request));
    } catch (err) {
      log.error({ err, path: "/request/confirm" }, "a request failed");
      return failed(visitor, 503, visitor.web.refused.notSaved);
    }
  };

  async function show(t: Texts, request: FoundRequest): Promise<WebAnswer> {
    const { filed, isFree, redirect, draft } = request;
    if (filed) return draw(t, 200, { title: t.web.confirm.sentTitle, body: filedPage(t, filed) });
    if (isFree) return free(t, request);
    if (redirect) return elsewhere(t, request);
    return draw(t, 200, { title: t.web.confirm.title, body: confirmPage(t, policy(), draft) });
  }
  async function send(t: Texts, secret: string, { visit, request }: Sent): Promise<WebAnswer> {
    if (isFromElsewhere(visit.headers, origin)) return failed(t, 403, t.web.refused.otherSite);
    const form = new URLSearchParams(visit.body.toString("utf8"));
    if (form.has(VOTE.article)) return vote(t, form, { visit, request });
    const confirmed = await requests.confirm(secret);
    if (!confirmed) return gone(t);
    if (confirmed === "elsewhere") return elsewhere(t, request);
    return confirmed === "free" ? free(t, request) : goTo(confirmed.url);
  }
  /** Files nothing, whatever the plan has become. */
  async function vote(t: Texts, form: URLSearchParams, { visit, request }: Sent) {
    const { email } = request;
    const minutes = await limits.exceeded("vote", { person: email });
    if (minutes !== undefined) return failed(t, 429, t.web.refused.tooMany(minutes));
    const articleId = form.get(VOTE.article) ?? "";
    const answer = form.get(VOTE.helpful);
    if (answer === "yes" || answer === "no")
      await votes.save(email, { articleId, isHelpful: answer === "yes" });
    return goTo(`${visit.path}?lang=${t.language}#${encodeURIComponent(anchorOf(articleId))}`);
  }
  function gone(t: Texts): WebAnswer {
    return draw(t, 404, { title: t.web.confirm.goneTitle, body: gonePage(t) });
  }
  async function free(t: Texts, { email }: FoundRequest): Promise<WebAnswer> {
    const body = freePlanPage(t, policy(), await votes.scores(email));
    return draw(t, 200, { title: t.web.freePlan.title, body });
  }
  function elsewhere(t: Texts, { draft }: FoundRequest): WebAnswer {
    return draw(t, 200, { title: t.web.elsewhere, body: elsewherePage(t, policy(), draft) });
  }
  function failed(t: Texts, status: number, sentence: string): WebAnswer {
    const title = t.web.failedTitle;
    return draw(t, status, { title, body: saying(title, [sentence]) });
  }
}
