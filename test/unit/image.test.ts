import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { brokenRulesOfCompose } from "../support/compose-rules.ts";
import { brokenRulesOfImage } from "../support/dockerfile-rules.ts";

const dockerfile = await readFile("Dockerfile", "utf8");
const compose = await readFile("compose.yaml", "utf8");
const { devDependencies, scripts } = JSON.parse(await readFile("package.json", "utf8"));
const node: string = devDependencies.node;

describe("the Dockerfile", () => {
  it("keeps every rule", () => {
    expect(brokenRulesOfImage(dockerfile, node)).toEqual([]);
  });

  it("starts with the bounds of the heap that npm start has", () => {
    const bounds = (command: string) => command.match(/--max-[\w-]+=\d+/g);

    expect(bounds(dockerfile.slice(dockerfile.indexOf('CMD ["node", "--')))).toEqual(
      bounds(scripts.start),
    );
    expect(bounds(scripts.start)).toHaveLength(2);
  });

  it.each<[string, string | RegExp, string]>([
    [
      "every image is the Node of package.json, by its exact version",
      /node:[\d.]+-slim$/m,
      "node:24-slim",
    ],
    ["it does not run as root", "USER 1000:1000", ""],
    ["it does not run as root", "USER 1000:1000", "USER root"],
    ["it does not run as root", "USER 1000:1000", "USER 0"],
    ["nothing is made after the user was changed", "EXPOSE 3000", "RUN mkdir x"],
    ["the code does not belong to the user", "COPY src", "COPY --chown=1000:1000 src"],
    ["Node itself asks for its health", /HEALTHCHECK[\s\S]*?\]$/m, "HEALTHCHECK NONE"],
    ["Node itself asks for its health", '["node", "-e"', '["curl", "-f"'],
    ["only production dependencies, exactly those of the lock file", "npm ci --omit=dev", "npm ci"],
    ["only production dependencies, exactly those of the lock file", "npm ci", "npm install"],
    ["nothing is added from an address", "COPY src ./src", "ADD https://example.com/src.tgz ./src"],
    [
      "nothing is installed or fetched but by npm ci",
      "RUN ln",
      "RUN apt-get install -y curl && ln",
    ],
    ["what is copied is named", "COPY src ./src", "COPY . ."],
    ["no secret is in it", "EXPOSE", "ENV SLACK_BOT_TOKEN=xoxb-1\nEXPOSE"],
    ["no secret is in it", "EXPOSE", "ARG NPM_TOKEN\nEXPOSE"],
    ["signals reach Node: no shell in between", /^CMD .*$/m, "CMD node src/main.ts"],
    ["it has one command", /^CMD .*$/m, ""],
  ])("would be caught: %s (%s)", (rule, from, to) => {
    const broken = changed(dockerfile, from, to);

    expect(brokenRulesOfImage(broken, node)).toContain(rule);
  });
});

describe("compose.yaml", () => {
  it("keeps every rule", () => {
    expect(brokenRulesOfCompose(compose)).toEqual([]);
  });

  it.each<[string, string | RegExp, string]>([
    ["every part is there", "  worker:", "  wirker:"],
    ["no container may write its own image", "read_only: true", "read_only: false"],
    ["no container has a capability", "cap_drop: [ALL]", "cap_drop: []"],
    ["no container has a capability", "user: redis", "user: redis\n    cap_add: [SYS_ADMIN]"],
    ["no container gains privileges", '["no-new-privileges:true"]', "[]"],
    ["every container has a /tmp of its own", "  tmpfs: [/tmp]\n  stop", "  stop"],
    ["what runs for long starts again", "restart: unless-stopped", 'restart: "no"'],
    ["a stop has time", "stop_grace_period: 15s #", "stop_grace_period: 5s #"],
    ["servers are pinned and not root", /redis:7[\d.]+/, "redis:latest"],
    ["servers are pinned and not root", "user: postgres", "user: root"],
    ["servers are asked for their health", "test: [CMD, redis-cli, ping]", "test: [NONE]"],
    [
      "servers keep what they hold, and nobody outside reaches them",
      'volumes: ["redis:/data"]',
      'ports: ["6379:6379"]',
    ],
    [
      "the tables are there before anybody starts",
      "service_completed_successfully",
      "service_started",
    ],
    ["migrate runs once, when PostgreSQL answers", "[deskline, migrate]", "[deskline, notices]"],
    ["Redis writes what it holds, and throws nothing away", "noeviction", "allkeys-lru"],
    ["Redis writes what it holds, and throws nothing away", '"yes"', '"no"'],
    [
      "web never needs Redis",
      /(web:[\s\S]*?depends_on:)/,
      "$1\n      redis:\n        condition: service_started",
    ],
    ["web and two workers", "replicas: 2", "replicas: 1"],
    ["secrets come from .env", "env_file: .env", "env_file: .env.example"],
    ["secrets come from .env", /deskline:\$\{[^}]+\}@/, "deskline:secret@"],
    ["secrets come from .env", /(POSTGRES_PASSWORD:) \$.*/, "$1 secret"],
    ["metrics are not on the port that Slack reaches", '"127.0.0.1:3000:3000"', '"9464:9464"'],
  ])("would be caught: %s (%s)", (rule, from, to) => {
    const broken = changed(compose, from, to);

    expect(brokenRulesOfCompose(broken)).toContain(rule);
  });
});

function changed(text: string, from: string | RegExp, to: string): string {
  const other = text.replace(from, to);
  expect(other).not.toBe(text);
  return other;
}
