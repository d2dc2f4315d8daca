import type { VNode } from "preact";
import { useState } from "preact/hooks";

/** What a counter needs to know; JSON, since it goes to JSockD and to the browser. */
export interface CounterProps {
  label: string;
  start: number;
}

/** A button that counts its clicks: rendered in JSockD, alive in the browser. */
export function Counter({ label, start }: CounterProps): VNode {
  const [count, setCount] = useState(start);
  return (
    <button type="button" onClick={() => setCount(count + 1)}>
      {`${label}: ${count}`}
    </button>
  );
}
