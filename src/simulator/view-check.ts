import {
  anything,
  bool,
  type Fields,
  isFields,
  oneOf,
  type Report,
  type Rule,
  shape,
  str,
} from "./block-rules.ts";
import { faultsOfBlocks, fieldsIn } from "./blocks-check.ts";
import { SURFACE } from "./limits.ts";
import type { ViewPayload } from "./records.ts";
import { invalidArguments, SlackError } from "./slack-error.ts";
import { plainText } from "./text-rules.ts";

const shared = {
  "type!": oneOf("modal", "home"),
  "blocks!": anything,
  private_metadata: str(SURFACE.privateMetadata, 0),
  callback_id: str(SURFACE.callbackId, 0),
  external_id: str(SURFACE.externalId, 0),
};

const home = shape(shared);
const modal = shape({
  ...shared,
  "title!": plainText(SURFACE.viewTitle),
  submit: plainText(SURFACE.viewButton),
  close: plainText(SURFACE.viewButton),
  clear_on_close: bool,
  notify_on_close: bool,
  submit_disabled: bool,
});

/** The view as Slack keeps it, or Slack's refusal. */
export function checkView(view: unknown, type: "modal" | "home"): ViewPayload {
  if (!isFields(view)) throw invalidArguments(["[ERROR] must be an object [json-pointer:/view]"]);
  if (Buffer.byteLength(JSON.stringify(view)) > SURFACE.viewBytes)
    throw new SlackError("view_too_large");
  const faults = faultsOfView(view, type);
  if (faults.length > 0) throw invalidArguments(faults);
  return {
    private_metadata: "",
    callback_id: "",
    external_id: "",
    clear_on_close: false,
    notify_on_close: false,
    ...(view as Pick<ViewPayload, "type" | "blocks">), // checked just above
  };
}

/** Everything wrong with a view, in Slack's words. */
export function faultsOfView(view: Fields, type: "modal" | "home"): string[] {
  const faults: string[] = [];
  const report: Report = (message, at) =>
    void faults.push(`[ERROR] ${message} [json-pointer:${at}]`);
  if (view.type !== type) report("must be a valid enum value", "/view/type");
  const rule = type === "modal" ? modal : home;
  for (const each of [rule, submitForInputs]) each(view, "/view", report);
  if (Array.isArray(view.blocks)) faults.push(...faultsOfBlocks(view.blocks, type, "/view/blocks"));
  else if (view.blocks !== undefined) report("must be an array", "/view/blocks");
  return faults;
}

const submitForInputs: Rule = (view, at, report) => {
  if (!isFields(view) || view.type !== "modal" || view.submit !== undefined) return;
  if (fieldsIn(view.blocks).some((block) => block.type === "input"))
    report("missing required field: submit", at);
};
