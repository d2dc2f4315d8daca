/** Renders pages in a Worker for a while, and says when it has. */
import { callersRate } from "./measure.ts";
import { localPageRenderer } from "./react_page.ts";

await callersRate(1, 500, await localPageRenderer());
(self as unknown as Worker).postMessage("rendered");
