import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const usual = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Without a sandbox, since containers run it as root; only the test's own pages are opened. */
const args = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), args });
}

export function chromiumPath(): string {
  const named = process.env.CHROMIUM;
  const found = named ? [named] : usual;
  const path = found.find((one) => existsSync(one));
  if (path) return path;
  throw new Error(
    `Chromium is not at ${found.join(", ")}. Type: npm run setup (or set CHROMIUM to its path)`,
  );
}
