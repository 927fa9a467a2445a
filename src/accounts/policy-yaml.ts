import { type Document, isNode, LineCounter, parseDocument } from "yaml";
import { faultsOf, type Path } from "./faults.ts";
import { Policy } from "./policy.ts";

/** A fault of the policy file, in plain words, where it stands; lines and columns begin with 1. */
export type PolicyFault = { line: number; column: number; message: string };

/** The policy that a text says, or all of its faults at once, from top to bottom. */
export function parsePolicy(text: string): { policy: Policy } | { faults: PolicyFault[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placed = (offset: number, message: string): PolicyFault => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1), message };
  };
  if (document.errors.length > 0)
    return { faults: document.errors.map(({ pos, message }) => placed(pos[0], message)) };

  // Whoever cuts a file short by mistake must not lose the policy that is in force.
  if (document.contents === null)
    return {
      faults: [placed(0, "The file says nothing. Write {} for a policy without settings.")],
    };
  const read = Policy.safeParse(contentOf(document), { reportInput: true });
  if (read.success) return { policy: read.data };
  const faults = faultsOf(read.error).map(({ path, message }) =>
    placed(offsetOf(document, path), message),
  );
  return { faults: faults.sort((a, b) => a.line - b.line || a.column - b.column) };
}

function contentOf(document: Document): unknown {
  try {
    return document.toJS() ?? {};
  } catch {
    return "aliases without end";
  }
}

/** `policy.yaml:12:5: Must be free or paid.`, as compilers say it and editors open it. */
export function faultLine(file: string, { line, column, message }: PolicyFault): string {
  return `${file}:${line}:${column}: ${message}`;
}

/** Where a path stands; of what is missing, where the part begins that it is missing from. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}
