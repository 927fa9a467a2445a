import { useState } from "preact/hooks";
import type { PersonView, World } from "./contract.ts";
import { html } from "./html.ts";
import { usePage } from "./page.ts";
import { channelLabel, firstChannel } from "./places.ts";
import type { Words } from "./words.ts";

const SEEN = "deskline-simulator-hint-seen";

export function FirstVisit() {
  const { world, words } = usePage();
  const [isSeen, setSeen] = useState(localStorage.getItem(SEEN) !== null);
  if (isSeen) return null;

  function dismiss(): void {
    localStorage.setItem(SEEN, "yes");
    setSeen(true);
    document.getElementById("main")?.focus();
  }

  const { me } = world;
  const other = counterpart(world);
  const workspace = world.workspaces.find(({ id }) => id === me.teamId)?.name ?? "";
  return html`<section class="first-visit" aria-label=${words.hint.you(me.name, words.kinds[me.kind], workspace)}>
    <p><strong>${words.hint.you(me.name, words.kinds[me.kind], workspace)}</strong> ${nextStep(world, words)}
      ${other && html` <a href=${`#as=${other.id}`} target="_blank" rel="noreferrer noopener">${words.hint.second(other.name, words.kinds[other.kind])}</a>`}</p>
    <button type="button" class="button" onClick=${dismiss}>${words.hint.dismiss}</button>
  </section>`;
}

/** Whoever the person would talk to: an agent for a requester, a requester for an agent. */
function counterpart({ me, people }: World): PersonView | undefined {
  return people.find(({ kind }) => kind === (me.kind === "agent" ? "member" : "agent"));
}

function nextStep(world: World, words: Words): string {
  const channel = firstChannel(world);
  const place = channel ? channelLabel(channel) : "";
  if (world.me.kind === "agent") return words.hint.agent(place);
  return world.commands.length > 0 ? words.hint.member(place) : words.hint.stranger(place);
}
