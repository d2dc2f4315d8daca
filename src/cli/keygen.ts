import { generateKeyPair } from "../module/mod.ts";
import { defineCommand } from "./command.ts";

/** `jsockd keygen`. */
export const command = defineCommand({
  description: "Makes a key pair: modules are signed with the private key, and servers check\n" +
    "them with the public one. Prints JSON: the public key and the names of the files\n" +
    "made, or, without PREFIX, both keys.",
  operands: { "[PREFIX]": "makes the files PREFIX.pubkey and PREFIX.privkey" },
  options: {},

  async run(_values, [prefix]) {
    console.log(JSON.stringify(await makeKeys(prefix), null, 2));
    return 0;
  },
});

async function makeKeys(prefix: string | undefined): Promise<object> {
  if (prefix === undefined) return await generateKeyPair();
  // What is in a file for its owner alone is not shown as well.
  const { privateKey: _, ...rest } = await generateKeyPair(prefix);
  return rest;
}
