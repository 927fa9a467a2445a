/** What was claimed and whether it held, line by line; the exit code at the end. */
export type Report = {
  note(text: string): void;
  claim(holds: boolean, text: string): void;
};

export function openReport(): Report & { end(): void } {
  let failed = 0;
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  return {
    note: (text) => say(`      ${text}`),
    claim(holds, text) {
      say(`${holds ? "PASS" : "FAIL"}  ${text}`);
      if (!holds) failed += 1;
    },
    end() {
      process.exitCode = failed > 0 ? 1 : 0;
    },
  };
}
