import { BUSY_SECONDS, type DeskBook, type DeskFault } from "./desk-book.ts";

export type HttpAnswer = { status: number; headers: Record<string, string>; body: string };
/** `cut`: the connection breaks instead. `never`: nothing at all. `late`: after the server's own pause. */
export type Spoiled<A> = A & { delivery: "at once" | "late" | "cut" | "never" };

const html = { "content-type": "text/html" };
const PLAIN: Partial<Record<DeskFault, HttpAnswer>> = {
  busy: { status: 429, headers: { "retry-after": String(BUSY_SECONDS) }, body: "" },
  down: { status: 503, headers: html, body: "<h1>Back soon</h1>" },
  refuse: { status: 422, headers: {}, body: "the subject is not allowed here" },
  unauthorized: { status: 401, headers: {}, body: "who are you?" },
  html: { status: 200, headers: html, body: "<title>Sign in</title>" },
  huge: { status: 200, headers: {}, body: `{"id":"F-1","more":"${"x".repeat(2_000_000)}"}` },
  redirect: { status: 307, headers: { location: "?again" }, body: "" },
};

/** What a fake desk over HTTP answers: the fault that was ordered, or what its duty gives. */
export function answerWith<A extends HttpAnswer>(
  book: DeskBook,
  duty: () => A,
): Spoiled<A | HttpAnswer> {
  const fault = book.faults.shift();
  const plain = fault && PLAIN[fault];
  if (plain) return { ...plain, delivery: "at once" };
  if (fault === "hang") return { status: 0, headers: {}, body: "", delivery: "never" };
  const answer = duty();
  if (fault === "lose") return { ...answer, delivery: "cut" };
  return { ...answer, delivery: fault === "slow" ? "late" : "at once" };
}

/** The same answer in the words of nock, which has no connection to break. */
export async function underNock({ status, headers, body, delivery }: Spoiled<HttpAnswer>) {
  if (delivery === "cut") throw new Error("socket hang up");
  if (delivery === "never") await new Promise(() => {});
  return [status, body, headers] as const;
}
