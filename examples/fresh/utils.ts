import type { JSockDClient } from "@x/jsockd";
import { createDefine } from "fresh";

/** The state that every handler gets. */
export interface State {
  client: JSockDClient;
}

export const define = createDefine<State>();
