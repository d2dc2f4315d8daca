import { installJSockD } from "@x/jsockd";

/** Returns the path in the environment variable `JSOCKD`, or else that of a verified release. */
export async function jsockdExecutable(): Promise<string> {
  return Deno.env.get("JSOCKD") ?? await installJSockD();
}
