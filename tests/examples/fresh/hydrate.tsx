/** Hydrates the island as Fresh does in the browser. */
import { render } from "preact";
import CounterIsland from "./islands/Counter.tsx";

const main = document.querySelector("main")!;
render(<CounterIsland {...JSON.parse(main.dataset.props!)} />, main);
