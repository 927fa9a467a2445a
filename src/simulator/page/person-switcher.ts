import { h } from "preact";
import { Avatar } from "./avatar.ts";
import type { PersonView, World } from "./contract.ts";
import { html } from "./html.ts";
import { usePage } from "./page.ts";
import { go } from "./store.ts";
import type { Words } from "./words.ts";

export function PersonSwitcher() {
  const { world, words } = usePage();
  const groups = world.workspaces
    .map(({ id, name }) => ({ name, people: world.people.filter(({ teamId }) => teamId === id) }))
    .filter(({ people }) => people.length > 0);
  const take = (event: Event) => {
    const as = (event.currentTarget as HTMLSelectElement).value;
    go({ as, place: undefined, thread: undefined });
  };

  return html`<div class="person-switcher">
    ${h(Avatar, { id: world.me.id, name: world.me.name })}
    <label class="sr-only" for="person">${words.actAs}</label>
    <select id="person" class="select" value=${world.me.id} onChange=${take}>
      ${groups.map(
        ({ name, people }) => html`<optgroup label=${name}>
          ${people.map(
            (person) => html`<option value=${person.id} selected=${person.id === world.me.id}>
              ${personLabel(person, world, words)}
            </option>`,
          )}
        </optgroup>`,
      )}
    </select>
  </div>`;
}

function personLabel(person: PersonView, world: World, words: Words): string {
  const workspace = world.workspaces.find(({ id }) => id === person.teamId)?.name ?? "";
  return words.person(person.name, words.kinds[person.kind], words.reads[person.locale], workspace);
}
