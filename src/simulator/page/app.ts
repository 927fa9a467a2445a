import { h } from "preact";
import { useEffect, useState } from "preact/hooks";
import { readAddress } from "./address.ts";
import { ChannelPane } from "./channel-pane.ts";
import { FIRST_PERSON, follow, refreshShown } from "./follow.ts";
import { HomePane } from "./home-pane.ts";
import { html } from "./html.ts";
import { ModalStack } from "./modal-stack.ts";
import { NoticesView } from "./notices-view.ts";
import { type Page, PageContext } from "./page.ts";
import { channelLabel, placeOf } from "./places.ts";
import { Sidebar } from "./sidebar.ts";
import { change, type State, settle, useStore } from "./store.ts";
import { TopBar } from "./top-bar.ts";
import { languageOf, wordsFor } from "./words.ts";

export function App() {
  const state = useStore();
  const [isSheetOpen, setSheetOpen] = useState(false);
  const { address, world } = state;
  const language = languageOf(state);
  const words = wordsFor(language);
  const place = world && placeOf(world, address.place);

  useFollowing(address.as);
  useSettledPlace(world?.me.id === address.as ? place : undefined, address.place);
  useEffect(() => {
    setSheetOpen(false);
    void refreshShown();
  }, [place, address.thread, address.as]);
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = titleOf(state, words.title);
  });

  if (!world || !place) return html`<p class="loading" role="status">${words.loading}</p>`;
  const page: Page = { state, world, language, words };
  const channel = world.channels.find((one) => one.id === place);
  const modals = world.modals.filter((modal) => !state.closing.includes(modal.id));
  return h(
    PageContext.Provider,
    { value: page },
    html`<div class="page">
      <a class="skip" href="#main" onClick=${skip}>${words.skip}</a>
      ${h(TopBar, { isSheetOpen, toggleSheet: () => setSheetOpen(!isSheetOpen) })}
      <div class="panes">
        ${isSheetOpen && html`<div class="sheet-backdrop" onClick=${() => setSheetOpen(false)}></div>`}
        ${h(Sidebar, { key: world.me.teamId, place, isOpen: isSheetOpen, close: () => setSheetOpen(false) })}
        ${channel ? h(ChannelPane, { key: `${world.me.id}/${channel.id}`, channel }) : h(HomePane, { key: world.me.id })}
      </div>
      ${h(NoticesView, { isFront: modals.length === 0 })}
      ${h(ModalStack, { modals })}
    </div>`,
  );
}

function useFollowing(as: string | undefined): void {
  useEffect(() => {
    const read = () => change(() => ({ address: readAddress(location.hash) }));
    addEventListener("hashchange", read);
    return () => removeEventListener("hashchange", read);
  }, []);
  useEffect(() => {
    if (!as) {
      settle({ as: FIRST_PERSON });
      return undefined;
    }
    change(() => ({ lists: {}, link: "connecting" }));
    return follow(as);
  }, [as]);
}

/** The place one begins in stays, whatever changes about the channels. */
function useSettledPlace(place: string | undefined, wanted: string | undefined): void {
  useEffect(() => {
    if (place && place !== wanted) settle({ place });
  }, [place, wanted]);
}

/** Two tabs are two people; their titles tell them apart. */
function titleOf({ world, address }: State, title: string): string {
  if (!world) return title;
  const channel = world.channels.find((one) => one.id === placeOf(world, address.place));
  return [channel && channelLabel(channel), world.me.name, title].filter(Boolean).join(" – ");
}

/** The hash is the address, so the link moves the focus itself; on a phone an open thread is all there is. */
function skip(event: Event): void {
  event.preventDefault();
  const main = document.getElementById("main");
  const target = main?.checkVisibility() ? main : document.getElementById("thread");
  target?.focus();
}
