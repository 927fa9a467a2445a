/** Where a line of `src/` is made wrong: `find` stands there once. */
type Change = { file: string; find: string; replace: string };
export type PlantedBug = {
  name: string;
  changes: Change[];
  /** The program of the fault suites that must find it, and its arguments. */
  foundBy: string[];
  /** A minute or several pass until it is found. Only with `--all`. */
  isSlow?: true;
};

const crash = (...more: string[]) => ["crash.ts", "--rounds", "1", "--stops", "0", ...more];
const stops = (...more: string[]) => ["crash.ts", "--rounds", "0", "--stops", "1", ...more];

/** Mistakes that others have made in this place. The fault suites must find each of them. */
export const PLANTED_BUGS: PlantedBug[] = [
  {
    name: "the submission is acked before it is committed",
    changes: [
      {
        file: "src/tickets/new-ticket-slack.ts",
        find: "  const { number } = await submitTicket(",
        replace: "  await call.close();\n  const { number } = await submitTicket(",
      },
    ],
    foundBy: crash("--point", "slack.view.before-commit"),
  },
  {
    name: "a repeated submission files a second ticket",
    changes: [
      {
        file: "src/tickets/store.ts",
        find: `'DL-' || number)
      from filed
      on conflict (source, key) do nothing returning key`,
        replace: `'DL-' || number)
      from filed
      on conflict (source, key) do update set received_at = now() returning key`,
      },
    ],
    foundBy: crash("--point", "slack.view.after-commit"),
    isSlow: true,
  },
  {
    name: "the job is saved after the ticket, in a transaction of its own",
    changes: [
      {
        file: "src/tickets/submit.ts",
        find: "        await goOn(tx, ref, origin);",
        replace: `        if (delivery.key) setTimeout(() => void db.transaction().execute((later) => goOn(later, ref, origin)), 5);
        else await goOn(tx, ref, origin);`,
      },
    ],
    foundBy: crash("--point", "slack.view.after-commit"),
    isSlow: true,
  },
  {
    name: "Slack's own client tries again by itself",
    changes: [
      {
        file: "src/slack/clients.ts",
        find: "retryConfig: { retries: 0 }",
        replace: "retryConfig: { retries: 3, minTimeout: 10, maxTimeout: 20 }",
      },
    ],
    foundBy: ["lost-slack", "--count", "80"],
  },
  {
    name: "an intent without a reference is sent again without looking",
    changes: [
      {
        file: "src/jobs/once.ts",
        find: "if (!(await run.intend(key))) {",
        replace: "if (!(await run.intend(key)) && run.attempt < 0) {",
      },
    ],
    foundBy: ["lost-slack", "--count", "80"],
  },
  {
    name: "a mail whose answer was lost is sent again",
    changes: [
      {
        file: "src/mail/mailer.ts",
        find: "lookUp: async () => (mayComeTwice ? undefined : UNCERTAIN),",
        replace: "lookUp: async () => undefined,",
      },
    ],
    foundBy: ["lost-slack", "--count", "80"],
    isSlow: true,
  },
  {
    name: "a file whose answer was lost is shared again without looking",
    changes: [
      {
        file: "src/slack/files.ts",
        find: "return info && isSharedIn(info, channelId) ? { fileId } : undefined;",
        replace: "return info && isSharedIn(info, channelId) ? undefined : undefined;",
      },
    ],
    foundBy: ["lost-slack", "--count", "80"],
    isSlow: true,
  },
  {
    name: "a web form that is sent again is another request",
    changes: [
      {
        file: "src/tickets/web-requests.ts",
        find: 'await takeDelivery(tx, "web", key);',
        replace: "",
      },
    ],
    foundBy: crash("--rounds", "5", "--mode", "embedded", "--point", "web.after-commit"),
    isSlow: true,
  },
  {
    name: "a worker that stood still past its lease goes on sending",
    changes: [
      {
        file: "src/jobs/open-run.ts",
        find: "if (since > Math.min(SPARE_MS, job.leaseMs)) throw new LostLease(job.id);",
        replace: "",
      },
      {
        // Whichever comes first after the standstill would stop it, one time in two.
        file: "src/jobs/heartbeat.ts",
        find: "if (sinceKept() > (job.leaseMs * 4) / BEATS) return lost.abort(new LostLease(job.id));",
        replace: "",
      },
    ],
    foundBy: ["stop", "--point", "once.before-send"],
  },
  {
    name: "a job is done before its work",
    changes: [
      {
        file: "src/jobs/run.ts",
        find: "const { hasEnded } = await handle(context, job);",
        replace: "await finishJob(db, job);\n    const { hasEnded } = await handle(context, job);",
      },
    ],
    foundBy: crash("--point", "once.before-send"),
  },
  {
    name: "the lease of a dead worker never ends",
    changes: [
      {
        file: "src/jobs/queue.ts",
        find: "return sql`deskline_now() + ${milliseconds(leaseMs)}`;",
        replace: "return sql`deskline_now() + ${milliseconds(leaseMs * 1000)}`;",
      },
    ],
    foundBy: crash("--point", "job.after-claim"),
    isSlow: true,
  },
  {
    name: "a due job is rung once, as a relay that goes by numbers does",
    changes: [
      {
        file: "src/jobs/rings.ts",
        find: "return sql`(${rungAt} is null or ${rungAt} <= deskline_now() - ${RING_AGAIN})`;",
        replace: "return sql`${rungAt} is null`;",
      },
    ],
    foundBy: crash("--point", "relay.before-add"),
  },
  {
    name: "a killed worker counts as a failed job",
    changes: [
      {
        file: "src/jobs/failure.ts",
        find: "const MAX_CRASHES = 10;",
        replace: "const MAX_CRASHES = 1;",
      },
    ],
    foundBy: crash("--point", "once.before-send"),
  },
  {
    name: "the pause between two messages of a channel is forgotten",
    changes: [
      {
        file: "src/jobs/lanes.ts",
        find: 'if (kind === "channel") return CHANNEL_GAP_MS;',
        replace: 'if (kind === "channel") return 0;',
      },
    ],
    foundBy: crash("--point", "job.before-finish"),
  },
  {
    name: "each delivery to the desk has a new key",
    changes: [
      {
        file: "src/desk/http.ts",
        find: "return { id: `dl_${data.ticketId}`,",
        replace: "return { id: `dl_${data.ticketId}_${Math.random()}`,",
      },
    ],
    foundBy: ["lost-desk", "--count", "40"],
  },
  {
    name: "a lane takes its newest message first",
    changes: [
      {
        file: "src/jobs/due.ts",
        find: "order by lane, seq limit 1)",
        replace: "order by lane, seq desc limit 1)",
      },
      {
        file: "src/jobs/due.ts",
        find: "order by job.lane, job.seq limit 1",
        replace: "order by job.lane, job.seq desc limit 1",
      },
    ],
    foundBy: crash("--rounds", "3", "--mode", "embedded", "--point", "job.before-finish"),
    isSlow: true,
  },
  {
    name: "SIGTERM is not heard",
    changes: [
      {
        file: "src/run-until-stopped.ts",
        find: '["SIGTERM", "SIGINT"] as const',
        replace: '["SIGINT"] as const',
      },
    ],
    foundBy: stops("--point", "job.after-claim"),
  },
  {
    name: "a stop does not wait for what is under way",
    changes: [
      {
        file: "src/jobs/bell.ts",
        find: "await onStop();",
        replace: "void onStop();",
      },
    ],
    foundBy: stops("--point", "job.before-finish"),
    isSlow: true,
  },
  {
    name: "a stopping worker keeps what it could not end",
    changes: [
      {
        file: "src/jobs/failure.ts",
        find: "    await handBackJob(db, job);\n",
        replace: "",
      },
    ],
    foundBy: stops("--point", "once.before-send"),
    isSlow: true,
  },
  {
    name: "what is handed back waits as a failed job does",
    changes: [
      {
        file: "src/jobs/queue.ts",
        find: "const uncounted = sql`rung_at = null,",
        replace:
          "const uncounted = sql`run_at = deskline_now() + interval '10 seconds', rung_at = null,",
      },
    ],
    foundBy: stops("--point", "once.before-send"),
    isSlow: true,
  },
];
