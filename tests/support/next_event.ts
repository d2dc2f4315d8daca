import type { JSockDClient, JSockDClientEventMap } from "../../mod.ts";

/** Resolves to the detail of a client's next event of a type. */
export function nextEvent<Type extends keyof JSockDClientEventMap>(
  client: JSockDClient,
  type: Type,
): Promise<JSockDClientEventMap[Type]["detail"]> {
  return new Promise((resolve) => {
    client.addEventListener(type, ({ detail }) => resolve(detail), { once: true });
  });
}
