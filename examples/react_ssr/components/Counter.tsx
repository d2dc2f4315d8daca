import { type ReactNode, useState } from "react";

/** What the server tells the browser about a counter. */
export interface CounterProps {
  label: string;
  start: number;
}

/** A button that counts its clicks: rendered on the server, alive in the browser. */
export function Counter({ label, start }: CounterProps): ReactNode {
  const [count, setCount] = useState(start);
  return (
    <button type="button" onClick={() => setCount(count + 1)}>
      {label}: {count}
    </button>
  );
}
