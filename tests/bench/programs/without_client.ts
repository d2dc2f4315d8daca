// Does in the shortest way what with_client.ts does: starts a server, waits until it is ready, connects,
// and gets an answer. Like any client, it reads the server's output as lines and sets a time limit.
const start = performance.now();
const [executable, ...args] = JSON.parse(Deno.args[0]!);
const folder = await Deno.makeTempDir();
const path = `${folder}/jsd_0.sock`;
const server = new Deno.Command(executable, {
  args: [...args, "-b", "00", "-s", path],
  clearEnv: true,
  stdin: "null",
  stdout: "piped",
  stderr: "null",
}).spawn();
const timer = setTimeout(() => server.kill(), 15_000);
for await (const text of server.stdout.pipeThrough(new TextDecoderStream())) {
  if (text.startsWith("READY")) break;
}
const socket = await Deno.connect({ transport: "unix", path });
await socket.write(new TextEncoder().encode("a\0(_, n) => n + 1\x0041\0"));
await socket.read(new Uint8Array(100));
console.log(JSON.stringify([0, performance.now() - start]));
clearTimeout(timer);
socket.close();
await server.status;
await Deno.remove(folder, { recursive: true });
