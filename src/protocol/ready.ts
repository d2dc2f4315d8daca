/** What a server says when it can be connected to. */
export interface Ready {
  /** How many of the sockets asked for are live: the first ones. */
  readonly threads: number;
  /** The server's version. */
  readonly version: string;
}

/**
 * Reads the line that a server prints on stdout when it can be connected to; undefined if it is
 * another. Some builds of jsockd 0.1 put their version in quotation marks, which are left out.
 *
 * @example Use
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseReady } from "@x/jsockd/protocol";
 *
 * assertEquals(parseReady("READY 2 0.0.139"), { threads: 2, version: "0.0.139" });
 * assertEquals(parseReady("ready"), undefined);
 * ```
 */
export function parseReady(line: string): Ready | undefined {
  const match = /^READY ([1-9]\d{0,5}) ("?)(\S+)\2$/.exec(line);
  if (match === null) return undefined;
  const [, threads, , version] = match as unknown as [string, string, string, string];
  return { threads: Number(threads), version };
}

/**
 * Writes the line that says a server can be connected to.
 *
 * @example Use
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodeReady } from "@x/jsockd/protocol";
 *
 * assertEquals(encodeReady({ threads: 2, version: "0.0.139" }), "READY 2 0.0.139\n");
 * ```
 */
export function encodeReady(ready: Ready): string {
  return `READY ${ready.threads} ${ready.version}\n`;
}
