import type { Sample } from "../wire.ts";

/** What a row of the table shows of a sample. */
export interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly lines: readonly ((sample: Sample) => number | null)[];
  /** The present values in words. */
  readonly text: (sample: Sample) => string;
  /** The least end of the scale, so that noise does not fill it. */
  readonly least: number;
  /** The start of a logarithmic scale; without it, the scale is linear and starts at 0. */
  readonly logFrom?: number;
}

/** The rows of the table. */
export const METRICS: readonly Metric[] = [
  {
    name: "Throughput",
    unit: "commands/s",
    lines: [({ perSecond }) => perSecond],
    text: ({ perSecond }) => format(perSecond),
    least: 100,
    logFrom: 1,
  },
  {
    name: "Latency p50, p95, p99",
    unit: "ms",
    lines: [0, 1, 2].map((index) => ({ latencyMs }) => latencyMs?.[index] ?? null),
    text: ({ latencyMs }) => latencyMs?.map(format).join(" · ") ?? "–",
    least: 1,
    logFrom: 0.1,
  },
  {
    name: "Queue",
    unit: "waiting",
    lines: [({ queued }) => queued],
    text: ({ queued }) => format(queued),
    least: 4,
  },
  {
    name: "Restarts",
    unit: "since start",
    lines: [({ restarts }) => restarts],
    text: ({ restarts, failed }) =>
      `${restarts}` + (failed > 0 ? ` · ${format(failed)} rejected` : ""),
    least: 2,
  },
  {
    name: "Memory",
    unit: "MB",
    lines: [({ memoryMb }) => memoryMb],
    text: ({ memoryMb }) => memoryMb === null ? "–" : format(memoryMb),
    least: 50,
  },
];

/** Formats a number so that it changes no more than one can read. */
export function format(value: number): string {
  return value.toLocaleString(
    "en",
    value < 100 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 0 },
  );
}
