import { type ReactNode, useState } from "react";

/** The props of a counter. They must be JSON, because the server sends them to the browser. */
export interface CounterProps {
  label: string;
  start: number;
}

/** A button that counts its clicks. It is rendered on the server and hydrated in the browser. */
export function Counter({ label, start }: CounterProps): ReactNode {
  const [count, setCount] = useState(start);
  return (
    <button type="button" onClick={() => setCount(count + 1)}>
      {label}: {count}
    </button>
  );
}
