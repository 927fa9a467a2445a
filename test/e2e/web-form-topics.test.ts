import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { textsOf } from "#text/texts.ts";
import { FILLED, startWebForm, untilTrue, type WebForm } from "../support/web-form.ts";

const t = textsOf("ja");

let folder: string;
let policyFile: string;
let example: string;
let web: WebForm;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "deskline-policy-"));
  policyFile = join(folder, "policy.yaml");
  example = await readFile("policy.example.yaml", "utf8");
  await writeFile(policyFile, example);
  web = await startWebForm({ policyFile });
});
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});
beforeEach(() => inForce(example));

describe("a topic that changes between the form and its confirmation", () => {
  it("is not filed when another team has it now, and the page says where to go", async () => {
    const email = "moved@acme.example";
    await web.send({ ...FILLED, email, topic: "api" });
    const path = await web.link(email);
    const moved =
      "  - id: api\n    redirect: { en: Ask the API team., ja: API窓口へ連絡してください。 }";
    await inForce(example.replace("  - id: api", moved));

    const looked = await web.visit(path);
    const pressed = await web.post(path);

    for (const { status, body } of [looked, pressed]) {
      expect(status).toBe(200);
      expect(body).toContain(t.web.confirm.elsewhere);
      expect(body).toContain("API窓口へ連絡してください。");
      expect(body).toContain("503と出ます。"); // what they typed is theirs to take along
      expect(body).not.toContain(t.web.confirm.send);
    }
    expect(await ticketsOf(email)).toEqual([]);
  });

  it("stays filed when its topic went to another team later", async () => {
    const email = "earlier@acme.example";
    await web.send({ ...FILLED, email, topic: "api" });
    const path = await web.link(email);
    const filed = await web.post(path);
    const moved =
      "  - id: api\n    redirect: { en: Ask the API team., ja: API窓口へ連絡してください。 }";
    await inForce(example.replace("  - id: api", moved));

    const again = await web.post(path);

    expect(again.headers.get("location")).toBe(filed.headers.get("location"));
    expect(await ticketsOf(email)).toHaveLength(1);
  });

  it("is filed with the name it had when there is no such topic any more", async () => {
    const email = "gone@acme.example";
    await web.send({ ...FILLED, email, topic: "api" });
    const path = await web.link(email);
    await inForce(example.replace("  - id: api", "  - id: api-and-more"));

    const looked = await web.visit(path);
    await web.post(path);

    expect(looked.body).toContain('<dd class="typed">API・Webhook</dd>');
    expect(await ticketsOf(email)).toEqual([{ topic: "api", topic_name: "API・Webhook" }]);
  });
});

function ticketsOf(address: string) {
  return web.app.db
    .selectFrom("ticket")
    .select(["topic", "topic_name"])
    .where("requester_email", "=", address)
    .execute();
}

/** Writes the policy, and waits until the form is drawn by it. */
async function inForce(text: string): Promise<void> {
  await writeFile(policyFile, text);
  const isMoved = text.includes("API窓口");
  const isNamed = text.includes("api-and-more");
  await untilTrue(async () => {
    const { body } = await web.visit("/request?lang=ja");
    return body.includes("API窓口") === isMoved && body.includes("api-and-more") === isNamed;
  }, 20_000);
}
