import { useState } from "preact/hooks";
import { jsockdIsland } from "@x/jsockd/fresh/island";

function Counter({ start }: { start: number }) {
  const [count, setCount] = useState(start);
  return <button type="button" onClick={() => setCount(count + 1)}>Clicks: {count}</button>;
}

export default jsockdIsland("Counter", Counter, { fallback: () => <p>No counter today</p> });
