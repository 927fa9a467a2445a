import type { Kind } from "./kinds/kind.ts";

const SHARE = 0.2;
/** Fewer would mean that the fault did not strike; few filings may draw few. */
const FEWEST = SHARE / 10;

/** The desk files, and its answer is lost: with a desk that knows our ids, and with one that must be asked first. */
export const lostDesk: Kind = {
  modes: ["embedded", "bullmq"],
  count: 1000,
  variants: ["keys", "look-up"],
  async begin(_stack, { variant }) {
    const isAsked = variant === "look-up";
    return {
      plan: {
        isPaced: false,
        desk: ["--lose-share", String(SHARE)],
        ...(isAsked && {
          deskProgram: "test/faults/desks/keyless-desk.ts",
          program: "test/faults/desks/main-with-look-up.ts",
        }),
      },
      judge({ desk, history }, { claim }) {
        const created = desk.entries.filter(({ type }) => type === "ticket.created");
        const lost = created.filter(({ delivery, isNew }) => isNew && delivery === "cut").length;
        const filed = history.ops.filter(({ deed }) => deed === "file").length;
        claim(lost >= filed * FEWEST, `only ${lost} answers of ${filed} filings were lost`);
        const again = created.filter(({ isNew }) => !isNew).length;
        return `${lost} answers to ${filed} filings lost, ${again} sent again`;
      },
    };
  },
};
