import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import type { CallSlack } from "#slack/clients.ts";
import { createPeople, type KnownPerson } from "#slack/people.ts";

const HANA = { teamId: "T1", userId: "U1" };
const KNOWN: KnownPerson = { ...HANA, name: "Hana", language: "ja", timeZone: "Asia/Tokyo" };

it("remembers a known person anew when this process meets them, once, and when they change", async () => {
  const remembered: string[] = [];
  const slack = { name: "Hana" };
  const people = createPeople(answering(slack), {
    known: [KNOWN],
    remember: async ({ name }) => void remembered.push(name),
  });

  await people.ask(HANA);
  await people.ask(HANA);
  expect(remembered).toEqual(["Hana"]); // who is still here is not forgotten after a year

  slack.name = "Hanako";
  await people.ask(HANA);
  expect(remembered).toEqual(["Hana", "Hanako"]);
});

it("asks Slack once about a person whom many wait for, and again when it did not say", async () => {
  let asked = 0;
  const slack = Promise.withResolvers<object>();
  const callSlack = (() => {
    asked += 1;
    return asked === 1 ? slack.promise : { user: { id: "U1", name: "Hana", locale: "ja-JP" } };
  }) as unknown as CallSlack; // whatever it is asked
  const people = createPeople(callSlack, { known: [], remember: async () => {} });

  const first = Promise.all([people.meet(HANA), people.meet(HANA), people.meet(HANA)]);
  slack.reject(new Error("silent"));
  expect(await first).toEqual([undefined, undefined, undefined]);
  expect(asked).toBe(1);

  expect(await people.meet(HANA)).toMatchObject({ name: "Hana", language: "ja" });
  await people.meet(HANA);
  expect(asked).toBe(2);
});

it("asks about people whom nobody waits for two at a time, and once about each", async () => {
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const callSlack = ((_team: string, call: (client: object) => unknown) =>
    call({
      users: {
        info: ({ user }: { user: string }) => {
          asked.push(user);
          const answer = { user: { id: user, name: user, locale: "ja-JP" } };
          return new Promise((resolve) => answers.push(() => resolve(answer)));
        },
      },
    })) as unknown as CallSlack; // whatever it is asked
  const people = createPeople(callSlack, { known: [], remember: async () => {} });
  const at = (userId: string) => ({ teamId: "T1", userId });

  const met = Promise.all(["A", "B", "C", "C"].map((id) => people.meet(at(id), "unhurried")));
  const hurried = people.meet(at("D"));
  await setImmediate();
  expect(asked).toEqual(["D", "A", "B"]); // somebody waits for D

  while (answers.length > 0) {
    answers.shift()?.();
    await setImmediate();
  }
  expect((await met).map((person) => person?.name)).toEqual(["A", "B", "C", "C"]);
  expect((await hurried)?.name).toBe("D");
  expect(asked).toEqual(["D", "A", "B", "C"]);
});

it("answers at once about a known person, however many stand in line", async () => {
  const silent = (() => new Promise(() => {})) as unknown as CallSlack; // never answers
  const people = createPeople(silent, { known: [KNOWN], remember: async () => {} });
  for (const userId of ["A", "B", "C"]) void people.meet({ teamId: "T1", userId }, "unhurried");

  expect(await people.meet(HANA, "unhurried")).toEqual(KNOWN);
});

function answering(person: { name: string }): CallSlack {
  const answer = () => ({ user: { id: "U1", ...person, locale: "ja-JP", tz: "Asia/Tokyo" } });
  return (async () => answer()) as unknown as CallSlack; // whatever it is asked
}
