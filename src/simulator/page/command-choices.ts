import { useState } from "preact/hooks";
import type { World } from "./contract.ts";
import { html } from "./html.ts";
import { steppedIndex } from "./keys.ts";
import { usePage } from "./page.ts";

type Commands = World["commands"];

type Choices = {
  found: Commands;
  at: number;
  take(command: string): void;
  /** Says whether the list took the key. */
  onKeyDown(event: KeyboardEvent): boolean;
};

/** The commands that begin as the text does, while it is nothing but a command's beginning. */
export function useCommandChoices(text: string, take: (command: string) => void): Choices {
  const { world } = usePage();
  const [at, setAt] = useState(0);
  const [dismissed, dismiss] = useState<string>();
  const found = text === dismissed ? [] : matching(world.commands, text);
  const chosen = Math.min(at, found.length - 1);

  function onKeyDown(event: KeyboardEvent): boolean {
    const step = steppedIndex(event.key, chosen, found.length);
    if (found.length === 0) return false;
    if (step !== undefined) setAt(step);
    else if (event.key === "Escape") dismiss(text);
    else if (completes(event, text, found[chosen]?.command)) take(found[chosen]?.command ?? text);
    else return false;
    event.preventDefault();
    return true;
  }

  return { found, at: chosen, take, onKeyDown };
}

export function CommandChoices({
  id,
  found,
  at,
  take,
}: Omit<Choices, "onKeyDown"> & { id: string }) {
  const { words } = usePage();
  return html`<div class="command-choices">
    <p class="sr-only" role="status">${found.length > 0 ? words.commandsFound(found.length) : ""}</p>
    ${
      found.length > 0 &&
      html`<ul id=${id} role="listbox" aria-label=${words.commandChoices}>
        ${found.map(
          (
            { command, usageHint, description },
            index,
          ) => html`<li id=${`${id}-${index}`} role="option" aria-selected=${index === at}
            onPointerDown=${(event: Event) => {
              event.preventDefault(); // the composer keeps the focus
              take(command);
            }}>
            <span class="command">${command} <span class="quiet">${usageHint}</span></span>
            <span class="quiet">${description}</span>
          </li>`,
        )}
      </ul>`
    }
  </div>`;
}

/** A command that is written out already is sent by Enter, not completed. */
function completes(event: KeyboardEvent, text: string, command: string | undefined): boolean {
  if (event.key === "Enter") return command !== text;
  return event.key === "Tab" && !event.shiftKey;
}

function matching(commands: Commands, text: string): Commands {
  return /^\/\S*$/.test(text) ? commands.filter(({ command }) => command.startsWith(text)) : [];
}
