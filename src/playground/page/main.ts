/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { ServerInfo, Welcome } from "../wire.ts";
import { kill, listen, run, setLoad } from "./api.ts";
import { ConsoleView } from "./console_view.ts";
import { byId, create } from "./dom.ts";
import { Editor } from "./editor.ts";
import { LiveView } from "./live_view.ts";
import { ENDLESS_LOOP, type ExampleProgram, MEMORY_BOMB, PROGRAMS } from "./programs.ts";
import { showOutcome, showRunning } from "./result_view.ts";

/** Callers that a server which is killed shall have. */
const CALLERS = 16;

const editor = new Editor(byId("editor"), () => void runProgram());
const examples = byId<HTMLSelectElement>("example");
const parameter = byId<HTMLInputElement>("parameter");
const runButton = byId<HTMLButtonElement>("run");
const callers = byId<HTMLSelectElement>("callers");
let servers: readonly ServerInfo[] = [];
let console: ConsoleView | undefined;
let live: LiveView | undefined;

examples.append(...PROGRAMS.map(({ name }) => create("option", {}, name)));
examples.onchange = () => load(PROGRAMS[examples.selectedIndex]!);
runButton.onclick = () => void runProgram();
byId("loop").onclick = () => loadAndRun(ENDLESS_LOOP);
byId("bomb").onclick = () => loadAndRun(MEMORY_BOMB);
byId("kill").onclick = () => killUnderLoad(selected());
callers.onchange = () => setLoad(Number(callers.value));
load(PROGRAMS[0]!);
listen({
  welcome: greet,
  samples: ({ time, samples }) => live?.add(time, samples),
  log: (line) => console?.add(line, servers.find(({ id }) => id === line.id)?.name ?? line.id),
  load: (state) => callers.value = String(state.callers),
}, (isOpen) => {
  byId("connection").textContent = isOpen ? "" : "The playground does not answer. Is it running?";
});

/** Shows what there is. Called again after the connection was lost. */
function greet({ servers: found, threads, limitMs, callers: running }: Welcome): void {
  byId("threads").textContent = String(threads);
  byId("limit").textContent = limitMs < 1000 ? `${limitMs} ms` : `${limitMs / 1000} s`;
  callers.value = String(running);
  if (JSON.stringify(found) === JSON.stringify(servers)) return;
  servers = found;
  console = new ConsoleView(servers.map(({ id }) => id));
  live = new LiveView(servers, (server) => void kill(server.id));
  byId("servers").append(...servers.map(({ id, name, version }, index) =>
    create(
      "label",
      { title: version },
      create("input", { type: "radio", name: "server", value: id, checked: index === 0 }),
      name,
    )
  ));
}

function load({ code, parameter: json }: ExampleProgram): void {
  editor.code = code;
  parameter.value = json;
}

async function loadAndRun(program: ExampleProgram): Promise<void> {
  load(program);
  await runProgram();
}

async function runProgram(): Promise<void> {
  const server = selected();
  if (runButton.disabled || server === undefined) return;
  runButton.disabled = true;
  showRunning(server.name);
  const request = { server: server.id, code: editor.code, parameter: parameter.value };
  const outcome = await run(request);
  runButton.disabled = false;
  editor.mark(outcome.problems ?? []);
  showOutcome(outcome, server.name, (place) => editor.show(place));
}

async function killUnderLoad(server: ServerInfo | undefined): Promise<void> {
  if (server === undefined) return;
  if (callers.value === "0") await setLoad(CALLERS);
  await kill(server.id);
}

function selected(): ServerInfo | undefined {
  const input = byId("servers").querySelector<HTMLInputElement>("input:checked");
  return servers.find(({ id }) => id === input?.value);
}
