/** Does what Fresh does in the browser: renders the island where its elements are. */
import { render } from "preact";
import CounterIsland from "./islands/Counter.tsx";

const main = document.querySelector("main")!;
render(<CounterIsland {...JSON.parse(main.dataset.props!)} />, main);
