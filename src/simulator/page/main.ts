import { h, render } from "preact";
import { App } from "./app.ts";

const root = document.getElementById("page");
if (root) render(h(App, {}), root);
