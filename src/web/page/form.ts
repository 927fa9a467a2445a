/** What the page of the web form does beside the form itself, which works without it. */

type Needs = Record<string, Record<string, boolean>>;

const form = document.querySelector<HTMLFormElement>("form[data-most]");
document.querySelector<HTMLElement>("[autofocus]")?.focus();
showLocalTimes();
lookAgainAtWhatIsDone();
if (form) {
  followAnswers(form);
  if (form.id === "request") sendWithProof(form);
} else keepHalfWritten();

/** Back in the browser may show the page as it was before its one button was pressed. */
function lookAgainAtWhatIsDone(): void {
  if (!document.querySelector("form[data-once]")) return;
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
}

/** Each form of a page is sent alone: what stands half written in the others is put back, in this tab, until it is sent. */
function keepHalfWritten(): void {
  const fields = [...document.querySelectorAll("textarea")];
  const kept = readKept();
  const left = leftIn(kept, fields);
  show(Object.values(left));
  for (const field of fields) {
    const words = kept[field.name];
    if (!words || field.value !== "") continue;
    field.value = words;
    field.closest("details")?.setAttribute("open", "");
  }
  let sent: EventTarget | null = null;
  addEventListener("pageshow", () => {
    sent = null;
  });
  addEventListener("submit", ({ target }) => {
    sent = target;
  });
  addEventListener("pagehide", () => {
    const unsent = fields.filter(({ form, value }) => form !== sent && value !== "");
    keep({ ...left, ...Object.fromEntries(unsent.map(({ name, value }) => [name, value])) });
  });
}

/** Of fields that the page has no more: nobody could send them, but whoever wrote them may copy them. */
function leftIn(
  kept: Record<string, string>,
  fields: readonly HTMLTextAreaElement[],
): Record<string, string> {
  const isThere = (name: string) => fields.some((field) => field.name === name);
  return Object.fromEntries(Object.entries(kept).filter(([name]) => !isThere(name)));
}

function show(left: readonly string[]): void {
  const place = document.getElementById("unsent");
  const words = place?.querySelector(".typed");
  if (!place || !words || left.length === 0) return;
  words.textContent = left.join("\n");
  place.hidden = false;
}

/** Nothing where the browser keeps nothing: then it is as without us. */
function readKept(): Record<string, string> {
  try {
    return JSON.parse(sessionStorage.getItem(location.pathname) ?? "{}"); // we wrote it ourselves
  } catch {
    return {};
  }
}

function keep(words: Record<string, string>): void {
  try {
    sessionStorage.setItem(location.pathname, JSON.stringify(words));
  } catch {
    // as above
  }
}

/** The server does not know where the reader is. The zone is named: a page may be shown to somebody elsewhere. */
function showLocalTimes(): void {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, {
    ...{ year: "numeric", month: "long", day: "numeric" },
    ...{ hour: "numeric", minute: "2-digit", timeZoneName: "short" },
  });
  for (const time of document.querySelectorAll("time"))
    time.textContent = format.format(new Date(time.dateTime));
}

/** Shows what the answers support, and asks only for what the priority needs. */
function followAnswers(form: HTMLFormElement): void {
  const most = JSON.parse(form.dataset.most ?? "{}") as Record<string, string>; // our own server wrote these three
  const supports = JSON.parse(form.dataset.supports ?? "{}") as Record<string, string>;
  const needs = JSON.parse(form.dataset.needs ?? "{}") as Needs;
  for (const hint of form.querySelectorAll<HTMLElement>("[data-without-script]"))
    hint.hidden = true;

  function follow(): void {
    const answers = new FormData(form);
    const facts = ["what", "who", "workaround"].map((name) => answers.get(name)).join(" ");
    say("supports", supports[most[facts] ?? ""] ?? "");
    for (const about of form.querySelectorAll<HTMLElement>("[data-topic]"))
      about.hidden = about.dataset.topic !== answers.get("topic");
    const isElsewhere = form.querySelector("[data-elsewhere]:not([hidden])") && isUntouched(form);
    hideAllButTopic(form, Boolean(isElsewhere));
    if (!isElsewhere) showNeeded(form, needs[String(answers.get("priority"))] ?? {});
  }

  form.addEventListener("input", follow);
  follow();
}

/** Only a change is read out. */
function say(id: string, sentence: string): void {
  const line = document.getElementById(id);
  if (line && line.textContent !== sentence) line.textContent = sentence;
}

/** Apart from the topic nothing was chosen or typed. */
function isUntouched(form: HTMLFormElement): boolean {
  if (form.querySelector("input:checked, [aria-invalid]")) return false;
  const typed = form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    "input:not([type=hidden], [type=radio]), textarea",
  );
  return [...typed].every(({ value }) => value.trim() === "");
}

/** Nobody fills in a form that another team would not get. */
function hideAllButTopic(form: HTMLFormElement, isHidden: boolean): void {
  const topic = form.querySelector("#topic");
  for (const part of form.querySelectorAll<HTMLElement>("fieldset, .field, button.main"))
    if (!topic || !part.contains(topic)) part.hidden = isHidden;
}

/** A field with a fault stays, whatever the priority needs: its fault must be seen. */
function showNeeded(form: HTMLFormElement, needed: Record<string, boolean>): void {
  for (const part of form.querySelectorAll<HTMLElement>("[data-need]")) {
    const isNeeded = Boolean(needed[part.dataset.need ?? ""]);
    part.hidden = !isNeeded && !part.querySelector("[aria-invalid]");
    markNeeded(part, isNeeded);
  }
  const group = document.getElementById("urgency");
  if (group) group.hidden = !group.querySelector("[data-need]:not([hidden])");
}

/** Without us its label says that some priorities need it. */
function markNeeded(part: HTMLElement, isNeeded: boolean): void {
  for (const mark of part.querySelectorAll<HTMLElement>("[data-when-needed]")) {
    mark.dataset.otherwise ??= mark.textContent ?? "";
    mark.textContent = (isNeeded ? mark.dataset.whenNeeded : mark.dataset.otherwise) ?? "";
  }
  for (const control of part.querySelectorAll("input, textarea"))
    control.ariaRequired = String(isNeeded);
}

/** The work is done while somebody types, in a thread of its own; whoever is faster than it waits for it. */
function sendWithProof(form: HTMLFormElement): void {
  let proof: Promise<string> | undefined;
  let isSending = false;
  const work = () => {
    proof ??= solve(form);
    return proof;
  };
  form.addEventListener("focusin", () => void work());
  form.addEventListener("submit", (event) => {
    if (event.submitter?.getAttribute("name") === "switch") return;
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    const button = form.querySelector<HTMLButtonElement>("button.main");
    const label = button?.textContent ?? "";
    if (button) button.textContent = form.dataset.working ?? label;
    void work().then((solution) => {
      const field = form.querySelector<HTMLInputElement>("[name=proof]");
      if (field) field.value = solution;
      form.submit();
    });
    addEventListener("pageshow", () => {
      isSending = false;
      if (button) button.textContent = label;
    });
  });
}

/** Nothing when it cannot be done here: then the form is sent under the limits of one without. */
async function solve(form: HTMLFormElement): Promise<string> {
  try {
    const nonce = form.querySelector<HTMLInputElement>("[name=nonce]")?.value ?? "";
    const answer = await fetch(`/request/challenge?nonce=${encodeURIComponent(nonce)}`);
    if (!answer.ok || !globalThis.crypto?.subtle) return "";
    return await workOn(await answer.json());
  } catch {
    return "";
  }
}

function workOn(challenge: unknown): Promise<string> {
  const worker = new Worker(new URL("./proof.js", import.meta.url), { type: "module" });
  return new Promise((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<string>) => {
      worker.terminate();
      resolve(data);
    };
    worker.onerror = () => resolve("");
    worker.postMessage(challenge);
  });
}
