import type { Log } from "../engines/engine.ts";
import type { Crew } from "./crew.ts";
import type { ServerThread } from "./thread.ts";
export function watch(_t: readonly ServerThread[], _c: Crew, _o: object, _l: Log): Promise<never> {
  return new Promise(() => {});
}
