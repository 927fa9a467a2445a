import type { KnownBlock, ModalView } from "@slack/types";
import { articlesOf, type Policy, type Topic, topicOf } from "#accounts/ask.ts";
import { actions, type Choice, choiceMenu, modalTitle, section } from "#slack/blocks.ts";
import { link, linked } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import { type FormPlace, writePlace } from "./form-place.ts";

/** The action of the menu of topics in it. */
export const SELF_SERVICE_CHANGED = "ticket.self-service-changed";

/** What a free plan has in place of the form: nothing is filed, and it says so. */
export function selfServiceModal(
  t: Texts,
  { policy, topicId, place }: { policy: Policy; topicId?: string; place: FormPlace },
): ModalView {
  const topic = topicOf(policy, topicId ?? "");
  const { community, paid_adds } = policy.free_plan;
  const menu = choiceMenu(
    SELF_SERVICE_CHANGED,
    t.freePlan.chooseTopic,
    topicChoices(t, policy),
    topicId,
  );
  return {
    type: "modal",
    callback_id: "ticket.self-service",
    private_metadata: writePlace(place),
    title: modalTitle(t.newTicket.title),
    close: modalTitle(t.labels.close),
    blocks: [
      section(t.freePlan.intro),
      ...actions("topic", policy.topics.length > 0 ? [menu] : []),
      ...redirection(t, topic),
      ...articleList(t, policy, topic),
      ...(community ? [section(link(community, t.freePlan.community))] : []),
      ...(paid_adds ? [section(`${t.freePlan.paidAdds}\n${linked(paid_adds[t.language])}`)] : []),
    ],
  };
}

export function topicChoices(t: Texts, policy: Policy): Choice[] {
  return policy.topics.map(({ id, name }) => ({ value: id, label: name[t.language] }));
}

/** Where to go with a topic that another team handles. */
export function redirection(t: Texts, topic: Topic | undefined): KnownBlock[] {
  return topic?.redirect ? [section(linked(topic.redirect[t.language]))] : [];
}

export function articleList(t: Texts, policy: Policy, topic: Topic | undefined): KnownBlock[] {
  const articles = topic ? articlesOf(policy, topic) : [];
  if (articles.length === 0) return [];
  const lines = articles.map(({ url, title }) => `• ${link(url[t.language], title[t.language])}`);
  return [section([t.newTicket.articles, ...lines].join("\n"))];
}
