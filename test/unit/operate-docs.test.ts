import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { createMetrics } from "#metrics.ts";
import { createScrape } from "#web/scrape.ts";

const page = readFileSync("docs/operate.md", "utf8");
const code = globSync("src/**/*.ts", { exclude: ["src/simulator/**"] }).map(
  (file) => [file, readFileSync(file, "utf8")] as const,
);
const logged = code.flatMap(([file, text]) => logCalls(text).map((call) => ({ file, ...call })));
const notices = code.flatMap(([, text]) => noticeKinds(text));
const metrics = allMetrics();

describe("docs/operate.md", () => {
  it("finds log lines, notices and metrics in the code", () => {
    expect(logged.length).toBeGreaterThan(20);
    expect(notices).toEqual(expect.arrayContaining(["agents-channel", "workspace-disconnected"]));
    expect(metrics.size).toBeGreaterThan(20);
    const raised = code.flatMap(([, text]) => [
      ...text.matchAll(/\b(notices\.raise\(|raiseNotice\(tx\b)/g),
    ]);
    expect(raised).toHaveLength(notices.length);
  });

  it.each(logged)("names what $file logs: $message", ({ message, level }) => {
    const line = rowsOf("Log lines").find(([first]) => first === withoutMarks(message));

    expect(line?.[1]?.split(", ")).toContain(level);
  });

  it("names no log line that nothing writes", () => {
    const written = logged.map(({ message }) => withoutMarks(message));

    for (const [message] of rowsOf("Log lines")) expect(written).toContain(message);
  });

  it("names every notice, and no other", () => {
    const named = rowsOf("Notices").map(([key = ""]) => key.split(":")[0]);

    expect(named.sort()).toEqual([...notices].sort());
  });

  it("names every metric with its labels, and no other", () => {
    const named = rowsOf("Metrics").map(([name, labels]) => [name, labels]);
    const counted = [...metrics]
      .filter(([name]) => name.startsWith("deskline_"))
      .map(([name, labels]) => [name, labels.join(", ")]);

    expect(named.sort()).toEqual(counted.sort());
  });
});

describe("what is logged", () => {
  it("is a sentence that stands in the code as it is", () => {
    expect(logCalls('log.warn({ id }, "it waits"); log.info("it runs");')).toEqual([
      { level: "warn", message: "it waits" },
      { level: "info", message: "it runs" },
    ]);
    expect(() => logCalls("log.warn({ id }, `it waits`);")).toThrow("no sentence");
    expect(() => logCalls("log.warn(error.message);")).toThrow("no sentence");
  });
});

const Rules = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^Deskline\w+$/),
          expr: z.string(),
          for: z
            .string()
            .regex(/^\d+[ms]$/)
            .optional(),
          labels: z.strictObject({ severity: z.enum(["critical", "warning"]) }),
          annotations: z.strictObject({ summary: z.string() }),
        }),
      ),
    }),
  ),
});
const rules = Rules.parse(parse(readFileSync("docs/alerts.yaml", "utf8"))).groups.flatMap(
  (group) => group.rules,
);

describe("docs/alerts.yaml", () => {
  it.each(rules)("$alert asks only for what is measured", ({ expr, annotations }) => {
    expect(unknownIn(expr)).toEqual([]);
    const shown = [...annotations.summary.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label);
    for (const label of shown) expect(expr).toMatch(new RegExp(`by \\(.*\\b${label}\\b|^up\\{`));
  });

  it("has a part of the page for each alarm, in the same order", () => {
    const headings = [...page.matchAll(/^### (Deskline\w+)$/gm)].map(([, name]) => name);

    expect(headings).toEqual(rules.map(({ alert }) => alert));
  });

  it("rings for the desk by the calls that were made, not by those held back", () => {
    const { expr = "" } = rules.find(({ alert }) => alert === "DesklineDeskFails") ?? {};
    const asked = [...expr.matchAll(/deskline_desk_calls_total\{[^}]*outcome(\S+)"\}/g)];

    expect(asked.map(([, outcome]) => outcome)).toEqual(['!~"ok|held', '!="held']);
  });

  it.each([
    ["a metric that there is not", "sum(deskline_nonsense_total) > 1", "deskline_nonsense_total"],
    ["a label that it has not", 'deskline_jobs_total{ticket="1"} > 1', "ticket"],
    ["a label to sum by", "sum by (ticket) (deskline_jobs_total) > 1", "ticket"],
    ["brackets that do not close", "sum((deskline_jobs_total) > 1", "brackets"],
  ])("would be caught with %s", (_what, expr, unknown) => {
    expect(unknownIn(expr)).toEqual([unknown]);
  });
});

const spoken = code.flatMap(([file, text]) => sentencesIn(text).map((said) => ({ file, said })));
const startFaults = tableUnder("When it does not start").map(([sentence = ""]) => sentence);
const runningFaults = tableUnder("When something breaks while it runs");

describe("each fault", () => {
  it("finds the sentences in the code and in the page", () => {
    expect(whatStopsAStart().length).toBeGreaterThan(20);
    expect(startFaults.length).toBeGreaterThan(20);
    expect(runningFaults.length).toBeGreaterThan(10);
  });

  it.each(quotedIn(startFaults))("at start is said in these words: %s", (sentence) => {
    expect(spoken.some(({ said }) => isSaidAs(said, sentence))).toBe(true);
  });

  it.each(whatStopsAStart())("at start is on the page, when it is said: %s", (said) => {
    expect(quotedIn(startFaults).some((sentence) => isSaidAs(said, sentence))).toBe(true);
  });

  it.each(runningFaults)("prints what the code prints: %s", (_, printed = "") => {
    const words = markedIn(printed).filter((word) => word !== "/readyz");

    for (const word of words) expect([word, isInCode(word)]).toEqual([word, true]);
    expect(words.length > 0 || printed === "nothing").toBe(true);
  });

  it.each(runningFaults)(
    "is told to people in the words of src/text: %s",
    (_, _printed, seen = "") => {
      const words = spoken.filter(({ file }) => file === "src/text/en.ts");

      for (const sentence of quotedIn([seen]))
        expect([sentence, words.some(({ said }) => isSaidAs(said, sentence))]).toEqual([
          sentence,
          true,
        ]);
    },
  );

  it.each(runningFaults)(
    "shows in a metric that its alarm asks for: %s",
    (_, _p, _s, shown = "") => {
      const measured = markedIn(shown).map((metric) => metric.split("{")[0] ?? "");
      const rung = [...shown.matchAll(/\[(Deskline\w+)\]/g)].map(([, alarm]) => alarm);

      expect(unknownIn(shown)).toEqual([]);
      for (const alarm of rung) {
        const { expr = "" } = rules.find((rule) => rule.alert === alarm) ?? {};
        expect([alarm, measured.some((metric) => expr.includes(metric))]).toEqual([alarm, true]);
      }
      expect(rung.length > 0 || shown === "none").toBe(true);
    },
  );

  it("leads only to parts of the page that there are", () => {
    const parts = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
      heading.toLowerCase().replaceAll(",", "").replaceAll(" ", "-"),
    );

    for (const [, part] of page.matchAll(/\]\(#([\w-]+)\)/g)) expect(parts).toContain(part);
  });
});

/** The cells of the table under a heading of the third order, but for its head. */
function tableUnder(heading: string): string[][] {
  const [, after = ""] = page.split(`\n### ${heading}\n`);
  const [section = ""] = after.split("\n## ");
  const [part = ""] = section.split("\n### ");
  const rows = [...part.matchAll(/^\| (.+) \|$/gm)].map(([, cells = ""]) => cells.split(" | "));
  return rows.slice(2);
}

/** What stands in italics. */
function quotedIn(cells: string[]): string[] {
  return cells.flatMap((cell) => [...cell.matchAll(/\*([^*]+)\*/g)].map(([, said = ""]) => said));
}

/** What stands in the marks of code. */
function markedIn(cell: string): string[] {
  return [...cell.matchAll(/`` ?(.+?) ?``|`([^`]+)`/g)].map(
    ([, long, short]) => long ?? short ?? "",
  );
}

/** Every text in quotes of three words and more, with "…" for what is put in. */
function sentencesIn(text: string): string[] {
  const quoted = [...text.matchAll(/`((?:[^`\\]|\\.)*)`|"((?:[^"\\\n]|\\.)*)"/g)];
  const texts = quoted.map(([, put = "", plain = ""]) => (put || plain).replaceAll("\\n", " "));
  return texts
    .map((said) => said.replace(/\$\{[^}]*\}/g, "…").replaceAll("\\", ""))
    .filter((said) => /\w+ \w+ \w+/.test(said));
}

/** The sentences of the files that keep Deskline from starting; what only `move` says is on a page of its own. */
function whatStopsAStart(): string[] {
  const others = /^src\/((db\/move|cli\/|desk\/|try|errors|config|run-until)|.*\/run\b)/;
  const files = code.filter(([file, text]) => text.includes("CannotStart") && !others.test(file));
  return files.flatMap(([, text]) => sentencesIn(text).filter((said) => /^[A-Z].*\. /.test(said)));
}

/** Whether the one may be the other, for something may stand where either has "…". */
function isSaidAs(said: string, sentence: string): boolean {
  const [first = ""] = /^.*?[.:](?= |$)/.exec(said) ?? [said];
  return patternOf(sentence).test(said) || patternOf(first).test(sentence);
}

function patternOf(sentence: string): RegExp {
  return new RegExp(`^${sentence.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("…", ".*")}`);
}

function isInCode(word: string): boolean {
  return spoken.some(({ said }) => said === word);
}

/** Level and message of each call of a log. Throws where the message is put together at run time. */
function logCalls(text: string): { level: string; message: string }[] {
  return [...text.matchAll(/\b(?:log|own)(?:\.(debug|info|warn|error|fatal)|\[level\])\(/g)].map(
    ({ 0: { length }, 1: level = "warn", index }) => {
      const given = upToBracket(text.slice(index + length));
      const [, message] = /(?:^|,)\s*"([^"]+)",?\s*$/.exec(given) ?? [];
      if (!message) throw new Error(`There is no sentence in ${given}`);
      return { level, message };
    },
  );
}

/** What stands before the bracket that closes one opened before. */
function upToBracket(text: string): string {
  let depth = 0;
  for (const [at, letter] of [...text].entries()) {
    if (letter === "(") depth += 1;
    if (letter === ")" && depth-- === 0) return [...text].slice(0, at).join("");
  }
  throw new Error("It never closes.");
}

function noticeKinds(text: string): string[] {
  const constants = [...text.matchAll(/_NOTICE = "([\w-]+)"/g)];
  const made = [...text.matchAll(/Notice\(.*\): string \{\s*return `([\w-]+):/g)];
  return [...constants, ...made].map(([, kind = ""]) => kind);
}

/** Every metric that a process may show, with its labels. */
function allMetrics(): Map<string, string[]> {
  const metrics = createMetrics();
  createScrape({ db: {} as never, notReady: async () => "" }, metrics, {
    role: "all",
    desk: "embedded",
  }); // asked for nothing
  const all = metrics.registry.getMetricsAsArray() as { name: string; labelNames?: string[] }[];
  return new Map(all.map(({ name, labelNames = [] }) => [name, labelNames]));
}

/** The cells of the table under a heading, without the marks of code. Its head has none of these. */
function rowsOf(heading: string): string[][] {
  const [, after = ""] = page.split(`\n## ${heading}\n`);
  const [section = ""] = after.split("\n## ");
  return [...section.matchAll(/^\|( `.+)\|$/gm)].map(([, cells = ""]) =>
    cells.split("|").map((cell) => withoutMarks(cell).trim()),
  );
}

function withoutMarks(text: string): string {
  return text.replaceAll("`", "");
}

function unknownIn(expr: string): string[] {
  const asked = [...expr.matchAll(/\b((?:deskline|nodejs|process)_\w+)(?:\{([^}]*)\})?/g)];
  const names = asked.flatMap(([, name = ""]) => (metrics.has(name) ? [] : [name]));
  const labels = asked.flatMap(([, name = "", inside = ""]) => {
    const has = metrics.get(name) ?? [];
    return [...inside.matchAll(/(\w+)(?:=~|!=|!~|=)"/g)].flatMap(([, label = ""]) =>
      has.includes(label) ? [] : [label],
    );
  });
  const known = [...asked.flatMap(([, name = ""]) => metrics.get(name) ?? []), "instance"];
  const summed = [...expr.matchAll(/by \(([^)]+)\)/g)].flatMap(([, list = ""]) =>
    list.split(", ").filter((label) => names.length === 0 && !known.includes(label)),
  );
  const isOpen = expr.split("(").length !== expr.split(")").length;
  return [...names, ...labels, ...summed, ...(isOpen ? ["brackets"] : [])];
}
