import { createHash } from "node:crypto";
import { type BatchObservableCallback, metrics, trace } from "@opentelemetry/api";
import { CommandObservation } from "./command_observation.ts";

const SCOPE = "@x/jsockd";

/** Seconds; a quick command takes less than a tenth of a millisecond. */
const DURATION_BOUNDARIES = [
  0.0001,
  0.00025,
  0.0005,
  0.001,
  0.0025,
  0.005,
  0.01,
  0.025,
  0.05,
  0.1,
  0.25,
  0.5,
  1,
  2.5,
  5,
  10,
];

const MAX_HASHES = 1_000;
const HASH_DIGITS = 16;

const hashes = new Map<string, string>();

/** The counts of a client that are reported: its `ClientStats` have them. */
export interface ObservedStats {
  readonly queued: number;
  readonly inFlight: number;
  readonly restarts: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

let clients = 0;

/**
 * Reports what one client does to OpenTelemetry: a span for each command, with children for its
 * messages, and metrics. Of a query only a hash goes out, of parameters, results and messages nothing.
 */
export class Telemetry {
  readonly #tracer = trace.getTracer(SCOPE);
  readonly #meter = metrics.getMeter(SCOPE);
  readonly #duration = this.#meter.createHistogram("jsockd.client.command.duration", {
    description: "Time from the call to the result",
    unit: "s",
    advice: { explicitBucketBoundaries: DURATION_BOUNDARIES },
  });

  /** Reports a command until it has its result. */
  observe(query: string, result: Promise<unknown>): CommandObservation {
    const observation = new CommandObservation(this.#tracer, this.#duration, hashQuery(query));
    observation.follow(result);
    return observation;
  }

  /** Has a client's counts read whenever metrics are collected; gives what ends that. */
  observeStats(read: () => ObservedStats): () => void {
    const meter = this.#meter;
    const client = { "jsockd.client.id": ++clients };
    const queued = meter.createObservableGauge("jsockd.client.commands.queued", {
      description: "Commands that wait for a thread",
      unit: "{command}",
    });
    const inFlight = meter.createObservableGauge("jsockd.client.commands.in_flight", {
      description: "Commands that were sent and have no answer yet",
      unit: "{command}",
    });
    const restarts = meter.createObservableCounter("jsockd.client.restarts", {
      description: "Servers started in place of one that ended",
      unit: "{restart}",
    });
    const io = meter.createObservableCounter("jsockd.client.io", {
      description: "Bytes written to and read from sockets",
      unit: "By",
    });
    const instruments = [queued, inFlight, restarts, io];
    const observe: BatchObservableCallback = (result) => {
      const stats = read();
      result.observe(queued, stats.queued, client);
      result.observe(inFlight, stats.inFlight, client);
      result.observe(restarts, stats.restarts, client);
      result.observe(io, stats.bytesSent, { ...client, "network.io.direction": "transmit" });
      result.observe(io, stats.bytesReceived, { ...client, "network.io.direction": "receive" });
    };
    meter.addBatchObservableCallback(observe, instruments);
    return () => meter.removeBatchObservableCallback(observe, instruments);
  }
}

/** Names a query without its text: the first 16 hexadecimal digits of its SHA-256. */
export function hashQuery(query: string): string {
  const known = hashes.get(query);
  if (known !== undefined) return known;
  if (hashes.size >= MAX_HASHES) hashes.clear();
  const hash = createHash("sha256").update(query).digest("hex").slice(0, HASH_DIGITS);
  hashes.set(query, hash);
  return hash;
}
