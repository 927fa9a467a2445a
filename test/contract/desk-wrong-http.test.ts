import { describe, expect, it } from "vitest";
import type { Desk, DeskDelivery, RawDelivery } from "#desk/desk.ts";
import { openHttpDesk } from "#desk/http.ts";
import { Problem, RetryLater } from "#errors.ts";
import { signDelivery } from "../support/http-desk-news.ts";
import { httpClaims } from "./desk-http-claims.ts";
import { openServedWorld } from "./desk-http-worlds.ts";
import { newsClaims } from "./desk-news-claims.ts";

type Settings = { DESK_URL: string; DESK_SECRET: string };
type Wrong = (desk: Desk, settings: Settings) => Partial<Desk>;
type Receive = NonNullable<Desk["receive"]>;

const wrongHttpDesks = {
  "does not take a sign-in page for success": {
    "looks at the status only": (_desk, settings) => naive(settings, async () => "F-1"),
  },
  "does not take an endless answer for success": {
    "reads all of it": (_desk, settings) =>
      naive(settings, async (response) => ((await response.json()) as { id: string }).id),
  },
  "does not follow a redirect": {
    "follows it": (_desk, settings) => naive(settings, async () => "F-1"),
  },
  "says later when the desk is broken": {
    "looks at no status": (desk) => onError(desk, () => undefined),
    "takes it for a refusal": (desk) => onError(desk, refuse),
  },
  "says later, and why, when our credentials are not accepted": {
    "takes it for a refusal": (desk) => onError(desk, refuse),
    "does not say why": (desk) =>
      onError(desk, () => {
        throw new RetryLater("not now");
      }),
  },
} satisfies Record<keyof typeof httpClaims, Record<string, Wrong>>;

const wrongReaders = {
  "reads a comment": {
    "trims it": onNews((news) =>
      news.kind === "comment" ? { ...news, body: news.body.replace("\n ", " ") } : news,
    ),
    "loses the ticket": onNews((news) => ({ ...news, ticketId: "" })),
  },
  "reads a solution and its end": {
    "takes one for the other": onNews((news) =>
      news.kind === "reopened" ? { ...news, kind: "solved" } : news,
    ),
  },
  "knows its own change when the desk tells it back": {
    "takes it for an answer": onNews((news) =>
      news.kind === "echo"
        ? { ...news, kind: "comment", ticketId: "", author: "Deskline", body: "hello" }
        : news,
    ),
  },
  "gives every delivery an id that a repeat has too": {
    "makes one up": onNews((news) => ({ ...news, deliveryId: String(Math.random()) })),
    "has one for all": onNews((news) => ({ ...news, deliveryId: "one" })),
  },
  "does not believe what the desk did not sign": {
    "believes everybody": (_desk, settings) => ({
      receive: () => ({ deliveryId: settings.DESK_URL, kind: "echo" }),
    }),
    "looks whether there is a signature": (desk) => ({
      receive(delivery) {
        if (delivery.headers["webhook-signature"]) return { deliveryId: "1", kind: "echo" };
        return receiveOf(desk)(delivery);
      },
    }),
    "calls it malformed": (desk) => ({
      receive(delivery) {
        try {
          return receiveOf(desk)(delivery);
        } catch {
          throw new SyntaxError("malformed");
        }
      },
    }),
  },
} satisfies Record<keyof typeof newsClaims, Record<string, Wrong>>;

finds(httpClaims, wrongHttpDesks);
finds(newsClaims, wrongReaders);

type World = Awaited<ReturnType<typeof openServedWorld>>;

function finds<C extends string>(
  claims: Record<C, (world: World) => Promise<void>>,
  wrong: Record<C, Record<string, Wrong>>,
): void {
  describe.each(Object.entries<Record<string, Wrong>>(wrong))("%s", (claim, desks) => {
    it.each(Object.entries(desks))("finds a desk that %s", async (_fault, spoil) => {
      await using world = await openServedWorld(async (settings) => {
        const desk = await openHttpDesk(settings);
        return { ...desk, ...spoil(desk, settings) };
      });

      const check = claims[claim as C](world); // a key of the table

      await expect(check).rejects.toThrow(expect.objectContaining({ name: "AssertionError" }));
    });
  });
}

/** A desk as one writes it in five minutes. */
function naive(
  settings: Settings,
  idOf: (response: Response) => Promise<string>,
): Pick<Desk, "create"> {
  return {
    async create({ createdAt: timestamp, ...data }) {
      const sent = { type: "ticket.created", timestamp, data };
      const signed = signDelivery(settings.DESK_SECRET, sent, { id: `dl_${data.ticketId}` });
      const headers = signed.headers as Record<string, string>; // signDelivery gives each once
      const response = await fetch(settings.DESK_URL, { method: "POST", ...signed, headers });
      return { id: await idOf(response) };
    },
  };
}

function onError(desk: Desk, instead: () => undefined): Partial<Desk> {
  return {
    create: (...call) => desk.create(...call).catch(() => instead() ?? { id: "F-1" }),
  };
}

function refuse(): never {
  throw new Problem("desk-refused", { number: "DL-1042", reference: "1a2b3c4d" });
}

function onNews(spoil: (news: DeskDelivery) => DeskDelivery): Wrong {
  return (desk) => ({ receive: (delivery: RawDelivery) => spoil(receiveOf(desk)(delivery)) });
}

function receiveOf(desk: Desk): Receive {
  if (!desk.receive) throw new Error(`the ${desk.name} desk has no receive`);
  return desk.receive;
}
