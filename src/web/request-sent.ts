import { BadForm, type FilePart, readParts } from "./form-parts.ts";
import type { Visit } from "./request-http.ts";

/** A form that was sent, as far as it is read: all that was typed, and the files that follow. */
export type Sent = AsyncDisposable & {
  typed: URLSearchParams;
  /** Absent: there are none. Throws BadForm. */
  files?: AsyncIterable<FilePart>;
  /** It could not be read to the first file. */
  failure?: BadForm;
};

export async function openSent({ body, headers, unread }: Visit): Promise<Sent> {
  if (!unread) {
    const typed = new URLSearchParams(body.toString("utf8"));
    return { typed, async [Symbol.asyncDispose]() {} };
  }
  unread.allowFiles();
  const { typed, files } = readParts(headers, unread.body);
  const first = await files.next().catch(badForm);
  return {
    typed,
    ...(first instanceof BadForm
      ? { failure: first }
      : !first.done && { files: startingWith(first.value, files) }),
    async [Symbol.asyncDispose]() {
      await files.return(undefined);
    },
  };
}

async function* startingWith(first: FilePart, others: AsyncIterable<FilePart>) {
  yield first;
  yield* others;
}

function badForm(error: unknown): BadForm {
  if (error instanceof BadForm) return error;
  throw error;
}
