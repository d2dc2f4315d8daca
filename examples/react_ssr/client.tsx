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

// This script runs when all of the page has come.
const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
if (navigation !== undefined) {
  const { requestStart, responseStart, responseEnd } = navigation;
  const first = Math.round(responseStart - requestStart);
  const all = Math.round(responseEnd - requestStart);
  document.querySelector("#timing")!.textContent =
    `First byte after ${first} ms, all after ${all} ms`;
}
