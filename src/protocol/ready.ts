/** What a server reports when clients can connect. */
export interface Ready {
  /** The number of sockets that are live: the first ones of those asked for. */
  readonly threads: number;
  /** The server's version. */
  readonly version: string;
}

/**
 * Parses the READY line, which a server prints on stdout when clients can connect. Returns
 * undefined for any other line. Quotation marks around the version, which some builds of jsockd 0.1
 * print, are removed.
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
 * Returns the READY line, which says that clients can connect.
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
