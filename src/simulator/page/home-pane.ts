import { h } from "preact";
import { useEffect } from "preact/hooks";
import { act } from "./acts.ts";
import { AppTabs } from "./app-tabs.ts";
import { Blocks } from "./blocks.ts";
import type { Block } from "./contract.ts";
import { html } from "./html.ts";
import { usePage } from "./page.ts";
import { SurfaceContext, useOpenSurface } from "./surface.ts";

export function HomePane() {
  const { world, words } = usePage();
  useEffect(() => {
    void act({ do: "open-home" });
  }, []);

  return html`<div class="conversation">
    <main class="pane" id="main" tabindex="-1" aria-label=${words.homeOf}>
      ${h(AppTabs, { open: "home" })}
      <div class="home-tab">
        ${world.home ? h(HomeBlocks, { blocks: world.home.blocks }) : html`<p class="empty">${words.homeEmpty}</p>`}
      </div>
    </main>
  </div>`;
}

function HomeBlocks({ blocks }: { blocks: Block[] }) {
  const surface = useOpenSurface("home", { home: true }, blocks);
  return h(SurfaceContext.Provider, { value: surface }, h(Blocks, { blocks }));
}
