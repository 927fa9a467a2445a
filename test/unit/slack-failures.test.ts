import { ErrorCode } from "@slack/web-api";
import { expect, it } from "vitest";
import { SlackRefused, translateFailure } from "#slack/failures.ts";

it("names the scope that the app lacks", () => {
  const data = { ok: false, error: "missing_scope", needed: "chat:write", provided: "commands" };

  const failure = translateFailure(platformError(data), () => {});

  expect(failure).toBeInstanceOf(SlackRefused);
  expect(failure).toMatchObject({ code: "missing_scope" });
  expect(String(failure.cause)).toContain("chat:write");
});

it("names the argument that Slack did not take", () => {
  const messages = ["[ERROR] must be less than 3001 characters"];
  const data = { ok: false, error: "invalid_blocks", response_metadata: { messages } };

  const failure = translateFailure(platformError(data), () => {});

  expect(String(failure.cause)).toContain("less than 3001");
});

function platformError(data: Record<string, unknown>): Error {
  return Object.assign(new Error("An API error occurred"), { code: ErrorCode.PlatformError, data });
}
