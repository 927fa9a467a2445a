import { Problem } from "#errors.ts";
import { type Texts, textsOf } from "#text/texts.ts";
import { FACTS_FIELDS } from "#tickets/ask.ts";
import { type Draw, lost } from "./request-draw.ts";
import { factsPage } from "./request-facts-views.ts";
import { typedIn, type Values } from "./request-fields.ts";
import { goTo, languageOf, type Visit, type WebAnswer } from "./request-http.ts";
import type { RequestNeeds } from "./request-needs.ts";
import { createSecretPages, type Wrong } from "./request-secret.ts";

type Opened = NonNullable<Awaited<ReturnType<RequestNeeds["facts"]["open"]>>>;

/** Where the visitor of a ticket's page corrects what it affects; the priority follows. */
export function createFactsVisits(needs: RequestNeeds, draw: Draw) {
  const { facts, policy, nonces } = needs;
  const { take } = createSecretPages(needs);

  return async (secret: string, visit: Visit, visitor: Texts): Promise<WebAnswer> => {
    const found = await facts.open(secret).catch(ended);
    if (!found) return lost(visitor, draw);
    const form = new URLSearchParams(visit.body.toString("utf8"));
    const chosen = visit.query.get("lang") ?? form.get("language");
    const back = (language: string) => goTo(`/request/${secret}?lang=${language}`);
    if (found === "ended") return back(languageOf(chosen, visit.headers["accept-language"]));
    const t = textsOf(languageOf(chosen ?? found.ticket.language));
    if (visit.method !== "POST") return show(t, secret, found, { values: found.values });
    const values = typedIn(form, FACTS_FIELDS);
    const wrong = await take({ t, visit, form, subject: found.ticket.id }, async (key) => {
      const faults = await facts.correct(secret, { t, values, key });
      return faults && { status: 422, faults };
    });
    return wrong ? show(t, secret, found, { values, wrong }) : back(t.language);
  };

  function show(
    t: Texts,
    secret: string,
    { ticket }: Opened,
    { values, wrong = { status: 200 } }: { values: Values; wrong?: Wrong },
  ): WebAnswer {
    const { status, faults = {}, refused } = wrong;
    const { title } = t.web.facts;
    const form = { ticket, policy: policy(), nonce: nonces.issue(), values, faults, refused };
    return draw(t, status, {
      title: status === 422 ? `${t.web.faultTitle}${title}` : title,
      body: factsPage(t, form, `/request/${secret}?lang=${t.language}`),
    });
  }
}

/** Its page says how it stands. */
function ended(error: unknown): "ended" {
  if (error instanceof Problem) return "ended";
  throw error;
}
