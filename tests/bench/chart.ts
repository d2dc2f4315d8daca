/**
 * Draws the chart in the README from the report of the benchmark:
 *
 *     deno task bench --json FILE
 *     deno task chart FILE
 */
import type { Scaling } from "./scaling.ts";

interface ServerReport {
  readonly server: string;
  readonly scaling: readonly Scaling[];
}

const WIDTH = 720;
const HEIGHT = 360;
const PLOT = { left: 70, right: 690, top: 40, bottom: 300 };
const SERIES = [
  { key: "pipelined", label: "pipelined (the default)", color: "#1a7f5a" },
  { key: "oneByOne", label: "one in flight a thread (maxPipelineDepth: 1)", color: "#b4542c" },
] as const;

const report: ServerReport[] = JSON.parse(await Deno.readTextFile(Deno.args[0]!));
await Deno.writeTextFile(
  new URL("../../.github/throughput.svg", import.meta.url),
  draw(report.at(-1)!),
);

function draw({ server, scaling }: ServerReport): string {
  const highest = Math.max(...scaling.flatMap((point) => [point.pipelined, point.oneByOne]));
  const top = Math.ceil(highest / 50_000) * 50_000;
  const x = (index: number) => PLOT.left + (PLOT.right - PLOT.left) * index / (scaling.length - 1);
  const y = (rate: number) => PLOT.bottom - (PLOT.bottom - PLOT.top) * rate / top;

  const grid = Array.from({ length: 6 }, (_, i) => top * i / 5).map((rate) =>
    `<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${y(rate)}" y2="${y(rate)}" stroke="#ddd"/>` +
    text(PLOT.left - 8, y(rate) + 4, `${(rate / 1000).toFixed(0)} k`, "end")
  );
  const callers = scaling.map((point, i) =>
    text(x(i), PLOT.bottom + 20, String(point.callers), "middle")
  );
  const lines = SERIES.map(({ key, label, color }, row) => {
    const points = scaling.map((point, i) => `${x(i).toFixed(1)},${y(point[key]).toFixed(1)}`);
    const legendY = PLOT.top + 14 + 20 * row;
    return `<polyline points="${
      points.join(" ")
    }" fill="none" stroke="${color}" stroke-width="2.5"/>` +
      `<line x1="90" x2="115" y1="${legendY}" y2="${legendY}" stroke="${color}" stroke-width="2.5"/>` +
      text(122, legendY + 4, label, "start");
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" ` +
    `font-family="sans-serif" font-size="13"><rect width="100%" height="100%" fill="white"/>` +
    text(WIDTH / 2, 24, `Commands a second on one thread of ${server}`, "middle") +
    grid.join("") + callers.join("") + lines.join("") +
    text((PLOT.left + PLOT.right) / 2, HEIGHT - 16, "callers at the same time", "middle") +
    "</svg>\n";
}

function text(x: number, y: number, content: string, anchor: "start" | "middle" | "end"): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="#333">${content}</text>`;
}
