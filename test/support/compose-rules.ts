import { parse } from "yaml";
import { z } from "zod";

const Service = z.looseObject({
  image: z.string().optional(),
  user: z.string().optional(),
  privileged: z.boolean().optional(),
  command: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  env_file: z.string().optional(),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  cap_add: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()).default([]),
  restart: z.string().default("no"),
  stop_grace_period: z.string().default("10s"),
  volumes: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  healthcheck: z.looseObject({ test: z.array(z.string()).optional() }).optional(),
  deploy: z.object({ replicas: z.number() }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});
type Service = z.output<typeof Service>;
const Compose = z.looseObject({ services: z.record(z.string(), Service) });

const SECRET = /TOKEN|SECRET|PASSWORD|KEY|URL/;

/** What running it with compose must keep to; answers every rule that this file breaks. */
export function brokenRulesOfCompose(file: string): string[] {
  const { services } = Compose.parse(parse(file, { merge: true }));
  const { migrate, web, worker, postgres, redis } = services;
  if (!migrate || !web || !worker || !postgres || !redis) return ["every part is there"];
  const every = Object.values(services);
  const ours = [migrate, web, worker];
  const rules: Record<string, boolean> = {
    "no container may write its own image": every.every((each) => each.read_only),
    "no container has a capability": every.every(
      (each) => each.cap_drop.includes("ALL") && each.cap_add.length === 0 && !each.privileged,
    ),
    "no container gains privileges": every.every((each) =>
      each.security_opt.includes("no-new-privileges:true"),
    ),
    "every container has a /tmp of its own": every.every((each) => each.tmpfs.includes("/tmp")),
    "what runs for long starts again": [web, worker, postgres, redis].every(
      ({ restart }) => restart === "unless-stopped",
    ),
    "a stop has time": every.every((each) => Number.parseInt(each.stop_grace_period, 10) >= 15),
    "servers are pinned and not root": [postgres, redis].every(
      ({ image, user }) => /:\d+\.\d+/.test(image ?? "") && user && user !== "root",
    ),
    "servers are asked for their health": [postgres, redis].every(
      ({ healthcheck }) => healthcheck?.test?.[0] === "CMD",
    ),
    "servers keep what they hold, and nobody outside reaches them": [postgres, redis].every(
      ({ volumes, ports }) => volumes.length > 0 && ports.length === 0,
    ),
    "the tables are there before anybody starts": [web, worker].every(
      (each) => each.depends_on.migrate?.condition === "service_completed_successfully",
    ),
    "migrate runs once, when PostgreSQL answers":
      migrate.restart === "no" &&
      migrate.command.join(" ") === "deskline migrate" &&
      migrate.depends_on.postgres?.condition === "service_healthy",
    "Redis writes what it holds, and throws nothing away": says(redis, [
      "--appendonly yes",
      "--maxmemory-policy noeviction",
    ]),
    "web never needs Redis": !web.depends_on.redis,
    "web and two workers":
      web.environment.DESKLINE_ROLE === "web" &&
      worker.environment.DESKLINE_ROLE === "worker" &&
      worker.deploy?.replicas === 2,
    "secrets come from .env":
      ours.every(({ env_file }) => env_file === ".env") && every.every(hasNoSecret),
    "metrics are not on the port that Slack reaches": [web, worker].every(
      ({ environment, ports }) =>
        environment.METRICS_PORT &&
        !ports.some((port) => port.endsWith(environment.METRICS_PORT ?? "")),
    ),
  };
  return Object.keys(rules).filter((rule) => !rules[rule]);
}

function says({ command }: Service, settings: string[]): boolean {
  return settings.every((setting) => command.join(" ").includes(setting));
}

/** A secret is asked for by name, and compose refuses to start without it. */
function hasNoSecret({ environment }: Service): boolean {
  return Object.entries(environment).every(
    ([name, value]) => !SECRET.test(name) || PLAIN_ADDRESS.test(value) || FROM_ENV.test(value),
  );
}

const PLAIN_ADDRESS = /^\w+:\/\/[\w.-]+(:\d+)?\/?$/;
const FROM_ENV = /^(\w+:\/\/\w+:)?\$\{\w+:\?[^}]+\}(@[\w./:-]+)?$/;
