/// <reference lib="dom" />
import type { LogLine } from "../wire.ts";
import { byId, colorOf, create } from "./dom.ts";

/** The lines that are kept. */
const MAX_LINES = 300;

/** The lines of all servers' consoles and logs, the latest at the end. */
export class ConsoleView {
  readonly #list = byId<HTMLOListElement>("console");
  readonly #names: readonly string[];

  /** Creates the view for servers, which lines name by ID. */
  constructor(serverIds: readonly string[]) {
    this.#names = serverIds;
    byId("clear").onclick = () => this.#list.replaceChildren();
  }

  /** Adds a line. */
  add({ id, level, text }: LogLine, name: string): void {
    const label = create("b", {}, name);
    colorOf(label, this.#names.indexOf(id));
    const list = this.#list;
    const isAtEnd = list.scrollTop + list.clientHeight > list.scrollHeight - 40;
    list.append(create("li", { className: level }, label, create("span", {}, text)));
    while (list.childElementCount > MAX_LINES) list.firstElementChild!.remove();
    if (isAtEnd) list.scrollTop = list.scrollHeight;
  }
}
