/**
 * Why we said no, with the facts its sentence needs. `text/` has the words for every code:
 * a code without words does not compile.
 */
export type ProblemFacts = {
  "not-an-agent": { agentsChannel: string };
  "not-an-admin": { admins: readonly string[] };
  "not-agent-nor-admin": { admins: readonly string[] };
  "app-not-in-channel": Record<never, never>;
  "requester-unfit": Record<never, never>;
  "not-closed": { number: string };
  "not-the-requester": Record<never, never>;
  "ticket-not-found": Record<never, never>;
  "not-the-contact": Record<never, never>;
  "contact-not-needed": { number: string };
  "nothing-to-hold": { number: string };
  /** `by`: the agent who holds it. */
  "already-held": { number: string; by: string; until: Date };
  "offer-answered": { number: string };
  "not-ended": { number: string };
  /** `url`: of the thread of the next. */
  "has-follow-up": { number: string; next: string; url?: URL | undefined };
  "account-not-paid": { number: string };
  "no-topics": Record<never, never>;
  "not-linked": { fault: LinkFault };
  "already-taken": { number: string; by: string };
  "already-solved": { number: string };
  "already-closed": { number: string };
  "not-solved": { number: string };
  "is-merged": { number: string; into: string };
  "not-merged": { number: string };
  "merge-final": { number: string };
  "merge-followed": { number: string };
  /** No ticket of this account: whether another account has it, nobody is told. */
  "merge-unknown": Record<never, never>;
  "merge-itself": { number: string };
  "merge-closed": { number: string };
  "merge-into-closed": { number: string };
  "merge-into-merged": { number: string; into: string };
  "merge-of-many": { number: string };
  "merge-unseen": { number: string; into: string };
  "merge-unsure": { number: string; into: string };
  "no-account": Record<never, never>;
  "free-plan": Record<never, never>;
  "workspace-unknown": Record<never, never>;
  "desk-refused": { number: string; reference: string };
  "file-refused": { name: string; why: FileFault; reference?: string };
  "grant-length": Record<never, never>;
  "access-already-on": { until: Date };
  "access-already-off": Record<never, never>;
  "access-words": Record<never, never>;
  "roles-unknown": Record<never, never>;
  "trigger-expired": Record<never, never>;
  "form-unanswered": Record<never, never>;
  "not-saved": Record<never, never>;
};
/**
 * Why a file is not passed on. `unreadable`: Slack answered with a page instead. `undelivered`: we gave up. `interrupted`:
 * sent on the page of a ticket, and gone before it was passed on.
 */
export type FileFault =
  | "empty"
  | "too-large"
  | "too-many"
  | "forbidden-type"
  | "unreadable"
  | "wrong-length"
  | "gone"
  | "elsewhere"
  | "interrupted"
  | "desk-refused"
  | "undelivered";

/** Why two tickets are not linked. `unknown`: also one of another account. */
export type LinkFault = "unknown" | "self" | "known" | "full";

export type ProblemCode = keyof ProblemFacts;

/** An expected refusal. Anything else that is thrown is a bug or an outage. */
export class Problem<C extends ProblemCode = ProblemCode> extends Error {
  override name = "Problem";
  readonly code: C;
  readonly facts: ProblemFacts[C];

  constructor(code: C, facts: ProblemFacts[C], options?: ErrorOptions) {
    super(code, options);
    this.code = code;
    this.facts = facts;
  }
}

/** "Not now": the job runs again, after the wait we were told or our own backoff. */
export class RetryLater extends Error {
  override name = "RetryLater";
  readonly afterMs: number | undefined;

  constructor(message: string, options: ErrorOptions & { afterMs?: number | undefined } = {}) {
    super(message, options);
    this.afterMs = options.afterMs;
  }
}

/** "Not now", after more than a second without an answer: whoever waits like that keeps a place in the worker. */
export class Silence extends RetryLater {
  override name = "Silence";
}

/** Somebody outside said no. That may be a slip of theirs: asked three times more, then it stands. */
export class Refused extends Error {
  override name = "Refused";
}

/** What somebody outside said, word for word, as the cause of what we make of it: for the operator's record, not for the log. */
export class Quote extends Error {
  override name = "Quote";
}

/** Another worker owns this job now: stop before the next outside write. */
export class LostLease extends Error {
  override name = "LostLease";
}

/** Why this process cannot start: a sentence for the operator, who needs no stack. */
export class CannotStart extends Error {
  override name = "CannotStart";
  /** What the process ends with: 2 when its settings are wrong, and starting again cannot help. */
  readonly exitCode: number = 1;
}
