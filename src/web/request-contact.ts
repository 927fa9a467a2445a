import { type Texts, textsOf } from "#text/texts.ts";
import { type ContactPage, type ContactSays, mailZone } from "#tickets/ask.ts";
import { contactPage } from "./request-contact-views.ts";
import { type Draw, lost } from "./request-draw.ts";
import { goTo, languageOf, type Visit, type WebAnswer } from "./request-http.ts";
import type { RequestNeeds } from "./request-needs.ts";
import { createSecretPages, type Wrong } from "./request-secret.ts";

/** Where the mail to a contact leads: whoever has its link says whether they are there. The link alone answers nothing. */
export function createContactVisits(needs: RequestNeeds, draw: Draw) {
  const { contacts, nonces, policy } = needs;
  const { take } = createSecretPages(needs);

  return async (secret: string, visit: Visit, visitor: Texts): Promise<WebAnswer> => {
    const found = await contacts.page(secret);
    if (!found) return lost(visitor, draw);
    const form = new URLSearchParams(visit.body.toString("utf8"));
    const chosen = visit.query.get("lang") ?? form.get("language");
    const t = textsOf(languageOf(chosen ?? found.ticket.language)); // as the mail
    if (visit.method !== "POST") return show(t, found);
    const wrong = await take({ t, visit, form, subject: found.ask.id }, (key) =>
      answer(t, found, { says: form.get("says"), key }),
    );
    if (!wrong) return goTo(`/request/contact/${secret}?lang=${t.language}`);
    return show(t, (await contacts.page(secret)) ?? found, wrong);
  };

  async function answer(
    t: Texts,
    found: ContactPage,
    { says, key }: { says: string | null; key: string },
  ): Promise<Wrong | undefined> {
    if (!isAnswer(says)) return { status: 422, refused: t.web.refused.tooOld };
    await contacts.answer(found, { says, key });
    return undefined;
  }

  function show(t: Texts, found: ContactPage, wrong: Wrong = { status: 200 }): WebAnswer {
    const body = contactPage(t, found, {
      nonce: nonces.issue(),
      refused: wrong.refused,
      timeZone: mailZone(t.language, policy()),
    });
    return draw(t, wrong.status, { title: t.web.contact.title, body });
  }
}

function isAnswer(says: string | null): says is ContactSays {
  return says === "here" || says === "unavailable";
}
