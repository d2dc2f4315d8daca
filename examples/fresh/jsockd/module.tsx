import { renderToString } from "preact-render-to-string";
import { Counter, type CounterProps } from "../components/Counter.tsx";

/** Renders the HTML inside the island. This module runs in JSockD. */
export function renderCounter(props: CounterProps): string {
  return renderToString(<Counter {...props} />);
}
