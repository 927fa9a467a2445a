import type { KnownBlock, ModalView } from "@slack/types";
import { type Article, articlesOf, type Policy, type Topic, topicOf } from "#accounts/ask.ts";
import { actions, button, type Choice, choiceMenu, modalTitle, section } from "#slack/blocks.ts";
import { link, linked } from "#slack/mrkdwn.ts";
import type { Texts } from "#text/texts.ts";
import { NO_SCORES, type Score, type Scores } from "./article-votes.ts";
import { type FormPlace, writePlace } from "./form-place.ts";

/** The actions of the two answers to whether an article helped; the value is the article's id. */
export const ARTICLE_VOTE = { yes: "article.helpful", no: "article.not-helpful" } as const;
/** The action of the menu of topics in it. */
export const SELF_SERVICE_CHANGED = "ticket.self-service-changed";

type SelfService = { policy: Policy; topicId?: string; place: FormPlace; scores?: Scores };

/** What a free plan has in place of the form: nothing is filed, and it says so. */
export function selfServiceModal(
  t: Texts,
  { policy, topicId, place, scores = NO_SCORES }: SelfService,
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
      ...articleList(t, policy, topic, scores),
      ...(community ? [section(link(community, t.freePlan.community))] : []),
      ...(paid_adds ? [section(`${t.freePlan.paidAdds}\n${linked(paid_adds[t.language])}`)] : []),
    ],
  };
}

export function topicChoices(t: Texts, { topics }: { topics: readonly Topic[] }): Choice[] {
  return topics.map(({ id, name }) => ({ value: id, label: name[t.language] }));
}

/** Where to go with a topic that another team handles. */
export function redirection(t: Texts, topic: Topic | undefined): KnownBlock[] {
  return topic?.redirect ? [section(linked(topic.redirect[t.language]))] : [];
}

/** Each with its honest score, and the question whether it helped. */
export function articleList(
  t: Texts,
  policy: Policy,
  topic: Topic | undefined,
  scores: Scores,
): KnownBlock[] {
  const articles = topic ? articlesOf(policy, topic) : [];
  if (articles.length === 0) return [];
  return [
    section(t.newTicket.articles),
    ...articles.flatMap((article) => articleBlocks(t, article, scores.get(article.id))),
  ];
}

function articleBlocks(t: Texts, { id, url, title }: Article, score: Score | undefined) {
  const { votes = 0, helpful = 0, own = null } = score ?? {};
  const said = votes > 0 ? [t.article.score(helpful, votes)] : [];
  const lines = [link(url[t.language], title[t.language]), ...said, t.article.question];
  return [
    section(lines.join("\n")),
    ...actions(`article.${id}`, [
      button(ARTICLE_VOTE.yes, t.article.yes, id, own === true ? "primary" : undefined),
      button(ARTICLE_VOTE.no, t.article.no, id, own === false ? "primary" : undefined),
    ]),
  ];
}
