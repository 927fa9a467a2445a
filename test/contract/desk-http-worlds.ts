import nock from "nock";
import type { Desk } from "#desk/desk.ts";
import { openHttpDesk } from "#desk/http.ts";
import { createDeskBook, type DeskBook } from "../support/desk-book.ts";
import { answerWith, underNock } from "../support/desk-faults.ts";
import { FAKE_DESK_SECRET, startFakeDesk } from "../support/fake-desk.ts";
import { signDelivery } from "../support/http-desk-news.ts";
import { answerDelivery } from "../support/http-desk-wire.ts";
import {
  behind,
  type DeskWorld,
  type FileDeskWorld,
  type HttpDeskWorld,
  type News,
  type TellingDeskWorld,
} from "./desk-world.ts";

type Settings = { DESK_URL: string; DESK_SECRET: string };
type OpenDesk = (settings: Settings) => Promise<Desk>;
type World = DeskWorld & FileDeskWorld & HttpDeskWorld & TellingDeskWorld;

/** Against a desk on a real socket. */
export async function openServedWorld(openDesk: OpenDesk = openHttpDesk): Promise<World> {
  const server = await startFakeDesk();
  const desk = await openDesk({ DESK_URL: server.url, DESK_SECRET: FAKE_DESK_SECRET });
  return worldOf(desk, server.book, async () => server[Symbol.asyncDispose]());
}

/** Against the same desk in this process: nothing leaves it. */
export async function openNockWorld(): Promise<World> {
  const book = createDeskBook();
  nock.disableNetConnect();
  nock("https://desk.example")
    .persist()
    .post(/^\/intake/)
    .reply(async (request: Request) => {
      const delivery = { headers: request.headers, body: await request.text() };
      return underNock(answerWith(book, () => answerDelivery(book, FAKE_DESK_SECRET, delivery)));
    });
  const settings = { DESK_URL: "https://desk.example/intake", DESK_SECRET: FAKE_DESK_SECRET };
  return worldOf(await openHttpDesk(settings), book, () => {
    nock.cleanAll();
    nock.enableNetConnect();
  });
}

function worldOf(desk: Desk, book: DeskBook, close: () => void | Promise<void>): World {
  return {
    desk,
    ...behind(book),
    tell: (news) => signDelivery(FAKE_DESK_SECRET, messageOf(news)),
    async [Symbol.asyncDispose]() {
      await close();
    },
  };
}

function messageOf(news: News) {
  const { kind, ...data } = news;
  if (kind === "comment") return { type: "ticket.commented", data };
  if (kind !== "echo") return { type: `ticket.${kind}`, data };
  const echoed = { ...data, author: "Deskline", body: "hello" };
  return { type: "ticket.commented", data: echoed };
}
