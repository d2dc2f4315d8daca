/** Renders pages in a Worker for a while, then posts a message. */
import { callersRate } from "./measure.ts";
import { localPageRenderer } from "./react_page.ts";

await callersRate(1, 500, await localPageRenderer());
(self as unknown as Worker).postMessage("rendered");
