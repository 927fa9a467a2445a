import type { FileInput } from "@slack/types";
import { h } from "preact";
import type { FileView } from "./contract.ts";
import { FileChoice } from "./file-choice.ts";
import { type ElementProps, useElement } from "./use-element.ts";

export function FileInputView(props: ElementProps<FileInput>) {
  const { element, naming } = props;
  const { state, choose } = useElement(props);
  const files = (state.files as FileView[] | undefined) ?? []; // only this element holds it
  const change = (next: FileView[]) => void choose({ type: element.type, files: next });
  return h(FileChoice, { naming, files, change });
}
