/** One page for Prometheus, read. */
export type Page = {
  text: string;
  /** Of the one series that has all these labels; undefined when there is none. */
  value(name: string, labels?: Labels): number | undefined;
  series: Series[];
};
export type Labels = Record<string, string>;
export type Series = { name: string; labels: Labels; value: number };

export async function readMetrics(at: { port: number }): Promise<Page> {
  const response = await fetch(`http://127.0.0.1:${at.port}/metrics`);
  if (response.status !== 200) throw new Error(`/metrics answered ${response.status}`);
  return readPage(await response.text());
}

export function readPage(text: string): Page {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const series = lines.map(readLine);
  return {
    text,
    series,
    value: (name, labels = {}) =>
      series.find((each) => each.name === name && hasAll(each.labels, labels))?.value,
  };
}

function readLine(line: string): Series {
  const [, name = "", inside = "", value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (value === undefined) throw new Error(`Not a line of Prometheus: ${line}`);
  const labels = [...inside.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, of]) => [
    label,
    of,
  ]);
  return { name, labels: Object.fromEntries(labels), value: Number(value) };
}

function hasAll(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([label, value]) => labels[label] === value);
}
