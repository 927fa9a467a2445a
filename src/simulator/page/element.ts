import { h } from "preact";
import { ButtonView } from "./element-button.ts";
import { CheckboxesView, RadioButtonsView } from "./element-choices.ts";
import { DateView } from "./element-date.ts";
import { FileInputView } from "./element-file.ts";
import { OverflowView } from "./element-overflow.ts";
import { ChannelSelectView, StaticSelectView, UsersSelectView } from "./element-select.ts";
import type { Element } from "./element-state.ts";
import { TextInputView } from "./element-text.ts";
import type { View } from "./html.ts";
import { ImageView } from "./image-view.ts";
import { Unknown } from "./unknown.ts";
import type { ElementProps } from "./use-element.ts";

type Props = Omit<ElementProps<Element>, "element">;

export function elementView(element: Element, props: Props): View {
  switch (element.type) {
    case "button":
      return h(ButtonView, { element, ...props });
    case "static_select":
      return h(StaticSelectView, { element, ...props });
    case "users_select":
      return h(UsersSelectView, { element, ...props });
    case "conversations_select":
    case "channels_select":
      return h(ChannelSelectView, { element, ...props });
    case "radio_buttons":
      return h(RadioButtonsView, { element, ...props });
    case "checkboxes":
      return h(CheckboxesView, { element, ...props });
    case "overflow":
      return h(OverflowView, { element, ...props });
    case "plain_text_input":
    case "email_text_input":
    case "url_text_input":
    case "number_input":
      return h(TextInputView, { element, ...props });
    case "datepicker":
    case "timepicker":
      return h(DateView, { element, ...props });
    case "file_input":
      return h(FileInputView, { element, ...props });
    case "image":
      return h(ImageView, { image: element, className: "image-accessory" });
    default:
      return h(Unknown, { type: element.type });
  }
}
