/** What the operator asked for cannot be done, in a sentence for them. */
export class CommandRefused extends Error {
  override name = "CommandRefused";
}
