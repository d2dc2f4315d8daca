/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { ComponentType } from "react";
// @ts-types="@types/react-dom/client"
import { hydrateRoot } from "react-dom/client";
import { islands } from "./components/Island.tsx";

for (const element of document.querySelectorAll<HTMLElement>("[data-island]")) {
  const { island, props } = element.dataset;
  const Component = islands[island as keyof typeof islands] as ComponentType<object>;
  hydrateRoot(element, <Component {...JSON.parse(props!)} />);
}
