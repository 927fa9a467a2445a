import type { Article } from "#accounts/ask.ts";
import type { Texts } from "#text/texts.ts";
import type { Score, Scores } from "#tickets/ask.ts";
import { type Html, html } from "./html.ts";

/** The fields of a vote: the article's id, and `yes` or `no`. */
export const VOTE = { article: "article", helpful: "helpful" } as const;
/** Where the page goes on after a vote. */
export const anchorOf = (articleId: string) => `article-${articleId}`;

/** Each with its honest score. */
export function articleList(t: Texts, articles: readonly Article[], scores: Scores): Html {
  return html`<ul>${articles.map((article) => html`<li>${titleOf(t, article)}${scoreOf(t, scores.get(article.id))}</li>`)}</ul>`;
}

/** The same for whoever is known, and may say whether it helped. */
export function articlesToVoteOn(t: Texts, articles: readonly Article[], scores: Scores): Html {
  return html`<ul>
${articles.map((article) => articleToVoteOn(t, article, scores.get(article.id)))}</ul>`;
}

/** Its form is a group with the article's name, for whoever hears the page; the button of one's own answer is pressed. */
function articleToVoteOn(t: Texts, article: Article, score: Score | undefined): Html {
  const { id } = article;
  const answer = (value: "yes" | "no", isOwn: boolean) =>
    html`<button name="${VOTE.helpful}" value="${value}" aria-pressed="${String(isOwn)}">${t.article[value]}</button>`;
  return html`<li id="${anchorOf(id)}"><span id="title-${id}">${titleOf(t, article)}</span>${scoreOf(t, score)}
<form method="post"><div class="vote" role="group" aria-labelledby="title-${id} question-${id}">
<input type="hidden" name="${VOTE.article}" value="${id}">
<span id="question-${id}">${t.article.question}</span>
${answer("yes", score?.own === true)}
${answer("no", score?.own === false)}
</div></form></li>
`;
}

function titleOf(t: Texts, { url, title }: Article): Html {
  return html`<a href="${url[t.language]}" rel="noreferrer">${title[t.language]}</a>`;
}

function scoreOf(t: Texts, score: Score | undefined): Html | undefined {
  if (!score) return undefined;
  return html`<p class="hint">${t.article.score(score.helpful, score.votes)}</p>`;
}
