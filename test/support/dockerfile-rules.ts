import { DockerfileParser, type Instruction, type ModifiableInstruction } from "dockerfile-ast";

type Line = { keyword: string; words: string };

/** What an image of ours must keep to; answers every rule that this Dockerfile breaks. */
export function brokenRulesOfImage(dockerfile: string, nodeVersion: string): string[] {
  const lines = DockerfileParser.parse(dockerfile)
    .getInstructions()
    .map((line) => ({
      keyword: line.getKeyword(),
      words: `${flagsOf(line)}${line.getArgumentsContent() ?? ""}`,
    }));
  const last = lines.slice(lines.findLastIndex(({ keyword }) => keyword === "FROM"));
  const rules: Record<string, boolean> = {
    "every image is the Node of package.json, by its exact version": all(lines, "FROM").every(
      (words) => words.startsWith(`node:${nodeVersion}-slim`),
    ),
    "it does not run as root": /^[1-9]\d*(:[1-9]\d*)?$/.test(all(last, "USER").at(-1) ?? ""),
    "nothing is made after the user was changed": !after(last, "USER").some(({ keyword }) =>
      ["RUN", "COPY", "ADD", "USER"].includes(keyword),
    ),
    "the code does not belong to the user": !all(last, "COPY").some((words) =>
      /--(chown|chmod)/.test(words),
    ),
    "Node itself asks for its health": all(last, "HEALTHCHECK").some(
      (words) => /CMD \["node", /.test(words) && words.includes("/livez"),
    ),
    "only production dependencies, exactly those of the lock file": all(lines, "RUN").every(
      (words) => !/\bnpm\b/.test(words) || /\bnpm ci --omit=dev --ignore-scripts\b/.test(words),
    ),
    "nothing is added from an address": all(lines, "ADD").length === 0,
    "nothing is installed or fetched but by npm ci": !all(lines, "RUN").some((words) =>
      /\b(curl|wget|apt|apt-get|apk|npx|git)\b/.test(words),
    ),
    "what is copied is named": !all(lines, "COPY").some((words) =>
      /(^|\s)(\.|\*)\/?\s/.test(words),
    ),
    "no secret is in it": ![...all(lines, "ARG"), ...all(lines, "ENV")].some((words) =>
      /TOKEN|SECRET|PASSWORD|CREDENTIAL|_KEY|DATABASE_URL|REDIS_URL|xox|xapp|postgres:/i.test(
        words,
      ),
    ),
    "signals reach Node: no shell in between": all(last, "CMD").every((words) =>
      words.startsWith('["node", '),
    ),
    "it has one command": all(last, "CMD").length === 1 && all(last, "ENTRYPOINT").length === 0,
  };
  return Object.keys(rules).filter((rule) => !rules[rule]);
}

function flagsOf(line: Instruction): string {
  // FROM, COPY and their like are modifiable; the parser does not say so in the type of the list.
  const flags = "getFlags" in line ? (line as ModifiableInstruction).getFlags() : [];
  return flags.map((flag) => `--${flag.getName()}=${flag.getValue()} `).join("");
}

function all(lines: Line[], keyword: string): string[] {
  return lines.filter((line) => line.keyword === keyword).map(({ words }) => words);
}

function after(lines: Line[], keyword: string): Line[] {
  const at = lines.findIndex((line) => line.keyword === keyword);
  return at < 0 ? [] : lines.slice(at + 1);
}
