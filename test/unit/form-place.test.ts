import { describe, expect, it } from "vitest";
import { NOWHERE, readPlace, writePlace } from "#tickets/form-place.ts";

const message = { ts: "1800000000.000200", threadTs: "1800000000.000100" };

describe("the place of a form", () => {
  it.each([NOWHERE, { channelId: "C0ACMEHELP" }, { channelId: "D0ACMEHANA", message }])(
    "comes back as it went: %j",
    (place) => {
      expect(readPlace(writePlace(place))).toEqual(place);
    },
  );

  it.each(["", "help", "C0/../x\n", "<!channel>", "/1800000000.000200/1800000000.000100", "{}"])(
    "is none when it is not one of ours: %j",
    (metadata) => {
      expect(readPlace(metadata)).toEqual(
        metadata.startsWith("C0/") ? { channelId: "C0" } : NOWHERE,
      );
    },
  );

  it.each([
    "C0ACMEHELP/1",
    "C0ACMEHELP/1800000000.000200",
    "C0ACMEHELP/a/b",
    "C0ACMEHELP/1.5/2.5/3",
  ])("has no message that is not one: %s", (metadata) => {
    expect(readPlace(metadata)).toEqual({ channelId: "C0ACMEHELP" });
  });
});
