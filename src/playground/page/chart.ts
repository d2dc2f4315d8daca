/// <reference lib="dom" />
import uPlot from "uplot";

/** A small chart of the last minute. Lines after the first are paler. */
export class Chart {
  readonly #plot: uPlot;

  /** Creates a chart with some lines in an element, in the element's text color. */
  constructor(parent: HTMLElement, lines: number, spanSeconds: number) {
    const color = () => getComputedStyle(parent).color;
    const size = () => ({ width: parent.clientWidth, height: parent.clientHeight });
    this.#plot = new uPlot(
      {
        ...size(),
        padding: [3, 0, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        axes: [{ show: false }, { show: false }],
        scales: {
          x: { time: false, range: (_plot, _min, max) => [max - spanSeconds, max] },
          y: { range: () => [0, 1] },
        },
        series: [
          {},
          ...Array.from({ length: lines }, (_, index): uPlot.Series => ({
            stroke: color,
            alpha: 1 - index * 0.3,
            width: 1.75,
            points: { show: false },
            ...index === 0 && { fill: () => color().replace(/^rgb\((.*)\)$/, "rgba($1, 0.14)") },
          })),
        ],
      },
      [[], ...Array.from({ length: lines }, () => [])],
      parent,
    );
    new ResizeObserver(() => this.#plot.setSize(size())).observe(parent);
  }

  /** Shows lines over times in seconds. The lines are heights from 0 to 1. */
  show(times: readonly number[], lines: readonly (number | null)[][]): void {
    this.#plot.setData([[...times], ...lines]);
  }
}
