import type { App } from "@slack/bolt";
import { WebClient } from "@slack/web-api";
import { describe, expect, it } from "vitest";
import { chanceFrom } from "#simulator/chance.ts";
import type { Simulator } from "#simulator/simulator.ts";
import { startBareApp, ticketModal } from "../support/bare-app.ts";

describe("an app that does not answer", () => {
  const silent = (app: App) => {
    app.command("/tickets", async () => {});
    app.command("/ticket", async ({ ack, client, command }) => {
      await client.views.open({ trigger_id: command.trigger_id, view: ticketModal() });
      await ack();
    });
    app.view("ticket", async () => {});
  };

  it("costs a command an operation_timeout, a modal a second try with its text", async () => {
    await using bare = await startBareApp("http", silent);
    const hana = bare.simulator.as("U0HANA");
    const tom = bare.simulator.as("U0TOM");
    const modal = await hana.command("C0ACMEHELP", "/ticket");

    const [command, submission] = await Promise.allSettled([
      tom.command("C0ACMEHELP", "/tickets"),
      hana.submit(modal, { subject: "VPN" }),
    ]);

    expect(reasonOf(command)).toBe('/tickets failed with the error "operation_timeout"');
    expect(reasonOf(submission)).toBe("We had some trouble connecting. Try again?");
    expect(hana.modals()[0]?.values.subject?.text?.value).toBe("VPN");
  });
});

describe("an app that answers nonsense", () => {
  it.each([
    ["errors for no block", { response_action: "errors", errors: { nowhere: "x" } }],
    ["errors for a block without input", { response_action: "errors", errors: { line: "x" } }],
    ["an update without a view", { response_action: "update" }],
    ["an action of its own", { response_action: "explode" }],
    ["words", "thank you"],
  ])("leaves the modal open for %s", async (_, answer) => {
    await using bare = await startBareApp("http", (app) => {
      app.command("/ticket", async ({ ack, client, command }) => {
        await ack();
        await client.views.open({ trigger_id: command.trigger_id, view: ticketModal() });
      });
      // The types of ack allow none of these answers.
      app.view("ticket", async ({ ack }) => (ack as (body: unknown) => Promise<void>)(answer));
    });
    const hana = bare.simulator.as("U0HANA");
    const modal = await hana.command("C0ACMEHELP", "/ticket");

    const submitted = hana.submit(modal, { subject: "VPN" });

    await expect(submitted).rejects.toThrow("We had some trouble connecting. Try again?");
    expect(hana.modals()).toHaveLength(1);
  });
});

describe("faults", () => {
  it("429 reaches the client with the seconds to wait", async () => {
    await using bare = await startBareApp("http", deaf);
    bare.simulator.faults.add({ kind: "429", method: "chat.postMessage", retryAfter: 7, times: 1 });

    const limited = say(bare.simulator);

    await expect(limited).rejects.toMatchObject({ retryAfter: 7 });
    await expect(say(bare.simulator)).resolves.toMatchObject({ ok: true });
  });

  it("a channel takes one message a second after a burst of two", async () => {
    await using bare = await startBareApp("http", deaf);
    const { simulator } = bare;

    const burst = await Promise.allSettled([say(simulator), say(simulator), say(simulator)]);

    expect(burst.map((each) => each.status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    expect(simulator.world.messages("C0ACMEHELP")).toHaveLength(2);
  });

  it("500 is no JSON and changes nothing", async () => {
    await using bare = await startBareApp("http", deaf);
    bare.simulator.faults.add({ kind: "500", times: 1 });

    await expect(say(bare.simulator)).rejects.toMatchObject({ statusCode: 500 });
    expect(bare.simulator.world.messages("C0ACMEHELP")).toEqual([]);
  });

  it("accepted-then-dropped keeps the message and cuts the line", async () => {
    await using bare = await startBareApp("http", deaf);
    bare.simulator.faults.add({ kind: "accepted-then-dropped", times: 1 });

    await expect(say(bare.simulator)).rejects.toMatchObject({ code: "slack_webapi_request_error" });
    expect(bare.simulator.world.messages("C0ACMEHELP")).toHaveLength(1);
  });

  it("with a share strike some calls, the same ones for the same seed", async () => {
    const struckWith = async (seed: number) => {
      await using bare = await startBareApp("http", deaf, {
        paced: false,
        chance: chanceFrom(seed),
      });
      bare.simulator.faults.add({ kind: "500", share: 0.3 });
      const outcomes: string[] = [];
      for (let n = 0; n < 30; n++) {
        const [said] = await Promise.allSettled([say(bare.simulator)]);
        outcomes.push(said.status);
      }
      return outcomes;
    };

    const outcomes = await struckWith(7);

    const struck = outcomes.filter((each) => each === "rejected").length;
    expect(struck).toBeGreaterThan(3);
    expect(struck).toBeLessThan(18);
    expect(await struckWith(7)).toEqual(outcomes);
    expect(await struckWith(8)).not.toEqual(outcomes);
  });

  it("an outage cuts every call until it ends", async () => {
    await using bare = await startBareApp("http", deaf);
    const { simulator } = bare;
    const id = simulator.faults.add({ kind: "outage" });
    const cut = await Promise.allSettled([say(simulator), say(simulator)]);
    simulator.faults.end(id);

    expect(cut.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(say(simulator)).resolves.toMatchObject({ ok: true });
  });

  it("slow delays the answer", async () => {
    await using bare = await startBareApp("http", deaf);
    bare.simulator.faults.add({ kind: "slow", ms: 300, times: 1 });
    const start = performance.now();

    await say(bare.simulator);

    expect(performance.now() - start).toBeGreaterThan(290);
  });

  it("redelivery brings the same event again, marked as a retry", async () => {
    const heard: unknown[] = [];
    await using bare = await startBareApp("http", (app) => {
      app.event("message", async ({ body, context }) => {
        heard.push([body.event_id, context.retryNum]);
      });
    });
    bare.simulator.faults.add({ kind: "redelivery", times: 1 });

    await bare.simulator.as("U0TOM").send("C0ACMEHELP", "hello");
    await expect.poll(() => heard.length).toBe(2);

    const [[first], [second, retryNum]] = heard as [[string, undefined], [string, number]];
    expect(second).toBe(first);
    expect(retryNum).toBe(1);
  });
});

/** Hears messages, so that Slack gets its 200, and does nothing. */
function deaf(app: App): void {
  app.event("message", async () => {});
}

function say(simulator: Simulator) {
  return new WebClient(simulator.tokens.T0ACME, {
    slackApiUrl: simulator.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  }).chat.postMessage({ channel: "C0ACMEHELP", text: "hello" });
}

function reasonOf(settled: PromiseSettledResult<unknown>): string {
  return settled.status === "rejected" ? String(settled.reason.message) : "no refusal";
}
