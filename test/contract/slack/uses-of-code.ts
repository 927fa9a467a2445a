import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Door } from "#slack/replies.ts";
import type { Uses } from "./manifest-faults.ts";

const ROOT = new URL("../../../", import.meta.url);

/** What the code in src/ does with Slack, found by reading it and by opening its doors. */
export async function usesOfCode(): Promise<Uses> {
  return {
    ...(await doorsOpened()),
    methods: await methodsCalled(),
    scopes: await scopesNamed(),
  };
}

/** What the code makes use of only where it was granted. */
async function scopesNamed(): Promise<string[]> {
  const named = (await sources()).flatMap(([, code]) => [...code.matchAll(/"(chat:write\.\w+)"/g)]);
  return [...new Set(named.map(([, scope = ""]) => scope))];
}

async function methodsCalled(): Promise<string[]> {
  const called = new Set<string>();
  for (const [path, code] of await sources()) {
    for (const [, family, method] of code.matchAll(/\bclient\s*\.\s*(\w+)\s*\.\s*([\w.]+)\s*\(/g)) {
      called.add(`${family}.${method}`);
    }
    if (/\bapiCall\(/.test(code))
      throw new Error(`${path} calls a method that cannot be read here`);
  }
  return [...called].sort();
}

async function sources(): Promise<[path: string, code: string][]> {
  const paths = globSync("src/**/*.ts", { cwd: ROOT });
  const ours = paths.filter((path) => !path.startsWith("src/simulator/"));
  return Promise.all(ours.map(async (path) => [path, await readFile(new URL(path, ROOT), "utf8")]));
}

/** Runs every `register…(door, …)` of app.ts with a door that only notes the names. */
async function doorsOpened() {
  const app = await readFile(new URL("src/app.ts", ROOT), "utf8");
  const opened = {
    commands: [] as string[],
    shortcuts: [] as string[],
    events: [] as string[],
  };
  const door: Door = {
    command: (name) => void opened.commands.push(name),
    event: (name) => void (opened.events.includes(name) || opened.events.push(name)), // two may hear it
    shortcut: (callbackId) => void opened.shortcuts.push(callbackId),
    press() {},
    submit() {},
    change() {},
  };
  for (const [, register] of app.matchAll(/\b(register\w+)\(door\b/g)) {
    const path = new RegExp(`\\b${register}\\b[^;]*from "#([^"]+)"`).exec(app)?.[1];
    const feature = await import(new URL(`src/${path}`, ROOT).href);
    feature[String(register)](door, {});
  }
  return opened;
}
