import { generateKeyPair } from "../module/mod.ts";
import { defineCommand } from "./command.ts";

/** The command `jsockd keygen`. */
export const command = defineCommand({
  description: "Generates a key pair: the private key signs modules, and servers verify them\n" +
    "with the public key. With PREFIX, writes both keys to files and prints the\n" +
    "public key and the files' paths as JSON. Without PREFIX, prints both keys.",
  operands: { "[PREFIX]": "write the keys to PREFIX.pubkey and PREFIX.privkey" },
  options: {},

  async run(_values, [prefix]) {
    console.log(JSON.stringify(await generateKeys(prefix), null, 2));
    return 0;
  },
});

async function generateKeys(prefix: string | undefined): Promise<object> {
  if (prefix === undefined) return await generateKeyPair();
  // The private key is in a file that only its owner may read, so it must not appear in a log.
  const { privateKey: _, ...rest } = await generateKeyPair(prefix);
  return rest;
}
