import type { JSockDClient } from "@x/jsockd";
import { createDefine } from "fresh";

/** What every handler is given. */
export interface State {
  client: JSockDClient;
}

export const define = createDefine<State>();
