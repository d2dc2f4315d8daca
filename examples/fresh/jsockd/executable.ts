import { installJSockD } from "@x/jsockd";

/** The jsockd that the environment variable JSOCKD names, or else a verified release. */
export async function jsockdExecutable(): Promise<string> {
  return Deno.env.get("JSOCKD") ?? await installJSockD();
}
