import type { z } from "zod";

export type Path = readonly PropertyKey[];

/** Of an error that has its inputs (`reportInput`): what a schema misses, in plain words, each at its path; of what is not known, at the path where it stands. */
export function faultsOf(error: z.ZodError): { path: Path; message: string }[] {
  return error.issues.flatMap(faultsIn);
}

function faultsIn(issue: z.core.$ZodIssue): { path: Path; message: string }[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `"${key}" is nothing that can be set here.`,
    }));
  }
  if (issue.input === undefined && path.length > 0 && issue.code !== "custom")
    return [{ path, message: `"${String(path.at(-1))}" is missing.` }];
  const isOurs = !issue.message.startsWith("Invalid");
  return [{ path, message: isOurs ? issue.message : wrongType(issue) }];
}

function wrongType(issue: z.core.$ZodIssue): string {
  const name = String(issue.path.at(-1) ?? "The file");
  const kinds: Record<string, string> = {
    string: "a text",
    array: "a list",
    object: "a group of settings",
  };
  const expected = "expected" in issue ? String(issue.expected) : "something else";
  return `"${name}" must be ${kinds[expected] ?? expected}.`;
}
