import type { Ack } from "./http-delivery.ts";

/** The sentences Slack itself says to a person. */

export function commandFailed(command: string, why: string): string {
  return `${command} failed with the error "${why}"`;
}

export function notInThreads(command: string): string {
  return `${command} is not supported in threads. Sorry!`;
}

export function notACommand(command: string): string {
  return `${command} is not a valid command. In Slack, all messages that start with the "/" character are interpreted as commands. If you are trying to send a message and not run a command, try preceding the "/" with an empty space.`;
}

export const MODAL_TROUBLE = "We had some trouble connecting. Try again?";
export const REQUIRED = "Please complete this required field.";

export function tooLong(max: number): string {
  return `Must be less than ${max + 1} characters`;
}

export function tooManyFiles(max: number): string {
  return `You can upload up to ${max} files`;
}

export const fileTooLarge = "Files must be smaller than 10 MB";

export function tooShort(min: number): string {
  return `Must be at least ${min} characters`;
}

/** Why a command failed, for `… failed with the error "…"`; nothing when the app answered. */
export function commandError(ack: Ack): string | undefined {
  if (ack.got === "answer") return undefined;
  if (ack.got === "timeout") return "operation_timeout";
  if (ack.got === "bad-answer") return "invalid_command_response";
  return "dispatch_failed";
}

/** What Slack shows beside a button that got no answer. */
export function pressError(ack: Ack): string | undefined {
  if (ack.got === "answer") return undefined;
  if (ack.got === "status") return `This app responded with Status Code ${ack.status}.`;
  return ack.got === "timeout" ? "This app did not respond in time." : "This app did not respond.";
}
