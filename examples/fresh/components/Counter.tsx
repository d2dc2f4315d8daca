import type { VNode } from "preact";
import { useState } from "preact/hooks";

/**
 * The props of a counter. They must be JSON, because they are sent to JSockD and to the browser.
 */
export interface CounterProps {
  label: string;
  start: number;
}

/** A button that counts its clicks. It is rendered in JSockD and hydrated in the browser. */
export function Counter({ label, start }: CounterProps): VNode {
  const [count, setCount] = useState(start);
  return (
    <button type="button" onClick={() => setCount(count + 1)}>
      {`${label}: ${count}`}
    </button>
  );
}
