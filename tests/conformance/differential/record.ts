/** Records what all servers at hand say of the corpus, for the tests of each of them alone. */
import { servers } from "../servers.ts";
import { CORPUS } from "./corpus/mod.ts";
import { observeAll } from "./observer.ts";
import { record } from "./recording.ts";

if (servers.length < 3) {
  throw new Error("Cannot record: two versions of jsockd are needed, named by JSOCKD");
}
record(
  await Promise.all(
    servers.map(async (server) => [server, await observeAll(server, CORPUS)] as const),
  ),
);
