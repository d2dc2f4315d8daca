import { abortable } from "@std/async/abortable";
import { MAX_THREADS } from "../protocol/limits.ts";
import { checkJson } from "./arguments.ts";
import { defineCommand } from "./command.ts";
import { Measurement, type Rate } from "./measurement.ts";
import { LiveLine, STDERR } from "./screen.ts";
import { startClient, toConfig, toLimits } from "./server.ts";
import { MODULE_OPTIONS, SERVER_OPTIONS, TIMEOUT_OPTION } from "./server_options.ts";
import { withoutUndefined } from "./without_undefined.ts";

/** How often the figures on the terminal are updated. */
const UPDATE_INTERVAL_MS = 250;

/** The command `jsockd bench`. */
export const command = defineCommand({
  description: "Calls a function on a server repeatedly and prints throughput and latency.",
  operands: {},
  options: {
    ...SERVER_OPTIONS,
    ...MODULE_OPTIONS,
    query: { value: "FUNCTION", help: "the function ((_, n) => n + 1)" },
    param: { value: "JSON", help: "its parameter (41)" },
    threads: { value: "N", range: [1, MAX_THREADS], help: "threads of the server (CPU cores)" },
    callers: {
      value: "N",
      range: [1, 65_536],
      help: "concurrent callers, each waiting for its result (64)",
    },
    seconds: { value: "S", range: [1, 3600], help: "how long to measure (5)" },
    ...TIMEOUT_OPTION,
    json: { help: "print the results as JSON" },
  },

  async run(values, _operands, signal) {
    const { query = "(_, n) => n + 1", callers = 64, seconds = 5 } = values;
    const paramJson = checkJson(values.param ?? "41", "--param");
    const config = await toConfig(
      values,
      { ...withoutUndefined({ nThreads: values.threads }), ...toLimits(values.timeout) },
      signal,
    );
    await using client = await startClient(values, config, signal);
    const call = () => client.runRaw(query, paramJson);
    // Makes the server compile the function, and reports a broken one before measuring.
    await abortable(call(), signal);

    const rate = await abortable(measureLive(callers, seconds, call), signal);
    const report = {
      server: client.serverVersion,
      threads: client.stats().threads,
      callers,
      ...rate,
    };
    console.log(values.json ? JSON.stringify(report, null, 2) : describe(report));
    return 0;
  },
});

async function measureLive(
  callers: number,
  seconds: number,
  call: () => Promise<unknown>,
): Promise<Rate> {
  using line = new LiveLine(STDERR);
  const measurement = new Measurement();
  const timer = setInterval(() => line.show(describeRate(measurement.rate)), UPDATE_INTERVAL_MS);
  try {
    return await measurement.run(callers, seconds, call);
  } finally {
    clearInterval(timer);
  }
}

/** The results of a measurement, with the conditions. */
interface Report extends Rate {
  readonly server: string;
  readonly threads: number;
  readonly callers: number;
}

function describe(report: Report): string {
  return `JSockD ${report.server}, threads: ${report.threads}, callers: ${report.callers}\n` +
    describeRate(report);
}

function describeRate(
  { commands, seconds, perSecond, latencyUs: { p50, p95, p99 } }: Rate,
): string {
  return `${format(perSecond)} commands/s (${format(commands)} in ${seconds.toFixed(1)} s), ` +
    `latency p50 ${format(p50)} µs, p95 ${format(p95)} µs, p99 ${format(p99)} µs`;
}

function format(value: number): string {
  return Math.round(value).toLocaleString("en");
}
