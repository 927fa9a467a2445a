/** A thread that finds the number whose hash is the challenge, as altcha has it: SHA-256 of salt and number. */

type Challenge = {
  algorithm: string;
  challenge: string;
  maxnumber: number;
  salt: string;
  signature: string;
};

const AT_ONCE = 256; // digests under way: one at a time waits for each

addEventListener("message", ({ data }: MessageEvent<Challenge>) => {
  void findNumber(data).then((number) => {
    const { algorithm, challenge, salt, signature } = data;
    const solution = { algorithm, challenge, number, salt, signature };
    postMessage(number === undefined ? "" : btoa(JSON.stringify(solution)));
  });
});

async function findNumber({ challenge, maxnumber, salt }: Challenge): Promise<number | undefined> {
  for (let first = 0; first <= maxnumber; first += AT_ONCE) {
    const numbers = Array.from({ length: AT_ONCE }, (_, at) => first + at);
    const hashes = await Promise.all(numbers.map((number) => hash(salt + number)));
    const at = hashes.indexOf(challenge);
    if (at >= 0) return first + at;
  }
  return undefined;
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
