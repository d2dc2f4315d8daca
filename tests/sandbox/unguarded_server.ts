/**
 * A server that speaks JSockD's protocol and runs each command as a function of Deno with all
 * permissions, so that only a sandbox around it keeps the command from anything.
 *
 *     unguarded_server.ts -b 00 ... -s -- SOCKET...
 */
import { listen } from "../../src/embedded/serve/sockets.ts";
import { encodeReady, FieldDecoder } from "../../src/protocol/mod.ts";

const sockets = Deno.args.slice(Deno.args.indexOf("--") + 1);
const listeners = sockets.map(listen);
console.log(encodeReady({ threads: sockets.length, version: "unguarded" }).trimEnd());
await Promise.race(listeners.map(serve));
Deno.exit(0);

async function serve(listener: Deno.UnixListener): Promise<void> {
  const socket = await listener.accept();
  const writer = socket.writable.getWriter();
  const fields = socket.readable.pipeThrough(new TransformStream(new FieldDecoder()));
  let command: string[] = [];
  for await (const { text } of fields) {
    if (command.push(text) < 3) continue;
    const [id, query, param] = command as [string, string, string];
    command = [];
    await writer.write(new TextEncoder().encode(`${id} ${await run(query, param)}\n`));
  }
}

async function run(query: string, param: string): Promise<string> {
  try {
    return `ok ${JSON.stringify(await (0, eval)(query)(undefined, JSON.parse(param)) ?? null)}`;
  } catch (error) {
    return `exception ${JSON.stringify(`${error}`)}`;
  }
}
