/// <reference lib="dom" />
import type { Sample, ServerInfo } from "../wire.ts";
import { Chart } from "./chart.ts";
import { byId, colorOf, create } from "./dom.ts";
import { format, type Metric, METRICS } from "./metrics.ts";

const SPAN_SECONDS = 60;

/** A table of charts: a row for each metric, a column for each server. */
export class LiveView {
  readonly #rows: readonly Row[];
  readonly #pids = new Map<string, HTMLElement>();
  readonly #times: number[] = [];
  readonly #history: ReadonlyMap<string, Sample[]>;

  /** Creates the table. */
  constructor(servers: readonly ServerInfo[], onKill: (server: ServerInfo) => void) {
    const table = byId("live");
    table.style.setProperty("--servers", String(servers.length));
    this.#history = new Map(servers.map(({ id }) => [id, []]));
    const heads = servers.map((server, index) => {
      const name = create("span", { className: "name" }, server.name);
      const pid = create("span", { className: "muted" });
      const button = create("button", { type: "button" }, "Kill");
      button.ariaLabel = `Kill ${server.name}`;
      button.onclick = () => onKill(server);
      this.#pids.set(server.id, pid);
      const head = create("th", { scope: "col" }, name, pid, create("br"), button);
      colorOf(head, index);
      return head;
    });
    table.querySelector("thead")!.replaceChildren(
      create("tr", {}, create("td"), ...heads),
    );
    this.#rows = METRICS.map((metric) => new Row(metric, servers));
    table.querySelector("tbody")!.replaceChildren(...this.#rows.map(({ element }) => element));
  }

  /** Adds the samples of one time, in milliseconds. */
  add(time: number, samples: readonly Sample[]): void {
    this.#times.push(time / 1000);
    const old = this.#times.filter((other) => other < time / 1000 - SPAN_SECONDS).length;
    this.#times.splice(0, old);
    for (const sample of samples) {
      const history = this.#history.get(sample.id)!;
      history.push(sample);
      history.splice(0, old);
      this.#pids.get(sample.id)!.textContent = `process ${sample.pid}`;
    }
    for (const row of this.#rows) row.show(this.#times, this.#history);
  }
}

/** A row of the table. All its charts have the same scale. */
class Row {
  readonly element: HTMLTableRowElement;
  readonly #metric: Metric;
  readonly #scale = create("span", { className: "muted" });
  readonly #cells: readonly { id: string; number: HTMLElement; chart: Chart }[];

  constructor(metric: Metric, servers: readonly ServerInfo[]) {
    this.#metric = metric;
    const head = create("th", { scope: "row" }, create("b", {}, metric.name), this.#scale);
    const cells = servers.map((server, index) => {
      const number = create("span", { className: "number" }, "–");
      const chart = create("div", { className: "chart", ariaHidden: "true" });
      colorOf(chart, index);
      return { id: server.id, number, chart, element: create("td", {}, number, chart) };
    });
    this.element = create("tr", {}, head, ...cells.map(({ element }) => element));
    // The charts measure their elements, so these must be on the page.
    byId("live").querySelector("tbody")!.append(this.element);
    this.#cells = cells.map(({ id, number, chart }) => ({
      id,
      number,
      chart: new Chart(chart, metric.lines.length, SPAN_SECONDS),
    }));
  }

  show(times: readonly number[], history: ReadonlyMap<string, readonly Sample[]>): void {
    const { lines, text, least, unit, logFrom } = this.#metric;
    const values = this.#cells.map(({ id }) => lines.map((line) => history.get(id)!.map(line)));
    const max = niceCeiling(Math.max(least, ...values.flat(2).map((value) => value ?? 0)));
    this.#scale.textContent = `${logFrom ?? 0} to ${format(max)} ${unit}` +
      (logFrom === undefined ? "" : ", logarithmic");
    const height = (value: number) =>
      logFrom === undefined
        ? value / max
        : Math.log(Math.max(value, logFrom) / logFrom) / Math.log(max / logFrom);
    this.#cells.forEach(({ id, number, chart }, index) => {
      number.textContent = text(history.get(id)!.at(-1)!);
      chart.show(times, values[index]!.map((line) => line.map((y) => y === null ? y : height(y))));
    });
  }
}

/** Returns the next of 1, 2, 5, 10, 20, 50 and so on. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value)!;
}
