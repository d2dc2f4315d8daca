import { createHash } from "node:crypto";

const MAX_HASHES = 1_000;
const HASH_DIGITS = 16;

const hashes = new Map<string, string>();

/** Names a query without its text: the first 16 hexadecimal digits of its SHA-256. */
export function hashQuery(query: string): string {
  const known = hashes.get(query);
  if (known !== undefined) return known;
  if (hashes.size >= MAX_HASHES) hashes.clear();
  const hash = createHash("sha256").update(query).digest("hex").slice(0, HASH_DIGITS);
  hashes.set(query, hash);
  return hash;
}
