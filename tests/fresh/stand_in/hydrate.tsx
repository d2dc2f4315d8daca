/** Hydrates the island as Fresh does in the browser. */
import { hydrate } from "preact";
import Counter from "./islands/Counter.tsx";

hydrate(<Counter start={3} />, document.querySelector("main")!);
