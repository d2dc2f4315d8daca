import { createHash } from "node:crypto";
import { type BatchObservableCallback, metrics, trace } from "@opentelemetry/api";
import { TextMap } from "../common/text_map.ts";
import { CommandObservation } from "./command_observation.ts";

const SCOPE = "@x/jsockd";

/** In seconds. They begin low because a quick command takes less than a tenth of a millisecond. */
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

const HASH_DIGITS = 16;

const hashes = new TextMap((query) =>
  createHash("sha256").update(query).digest("hex").slice(0, HASH_DIGITS)
);

/** The part of a client's `ClientStats` that is reported as metrics. */
export interface ObservedStats {
  readonly queued: number;
  readonly inFlight: number;
  readonly resent: number;
  readonly restarts: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

let clients = 0;

/**
 * Reports the work of one client to OpenTelemetry: a span for each command, a child span for each
 * of its messages, and metrics. Queries are reported as hashes; parameters, results and messages
 * are not reported.
 */
export class Telemetry {
  readonly #tracer = trace.getTracer(SCOPE);
  readonly #meter = metrics.getMeter(SCOPE);
  readonly #duration = this.#meter.createHistogram("jsockd.client.command.duration", {
    description: "Time from the call to the result",
    unit: "s",
    advice: { explicitBucketBoundaries: DURATION_BOUNDARIES },
  });

  /** Starts the report of a command; the report ends when the command settles. */
  observe(query: string, result: Promise<unknown>): CommandObservation {
    const observation = new CommandObservation(this.#tracer, this.#duration, hashQuery(query));
    observation.follow(result);
    return observation;
  }

  /**
   * Registers a callback that reads a client's counts whenever metrics are collected. Returns a
   * function that removes the callback.
   */
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
    const resent = meter.createObservableCounter("jsockd.client.commands.resent", {
      description: "Idempotent commands sent again because their server ended",
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
    const instruments = [queued, inFlight, resent, restarts, io];
    const observe: BatchObservableCallback = (result) => {
      const stats = read();
      result.observe(queued, stats.queued, client);
      result.observe(inFlight, stats.inFlight, client);
      result.observe(resent, stats.resent, client);
      result.observe(restarts, stats.restarts, client);
      result.observe(io, stats.bytesSent, { ...client, "network.io.direction": "transmit" });
      result.observe(io, stats.bytesReceived, { ...client, "network.io.direction": "receive" });
    };
    meter.addBatchObservableCallback(observe, instruments);
    return () => meter.removeBatchObservableCallback(observe, instruments);
  }
}

/**
 * Returns the first 16 hexadecimal digits of a query's SHA-256, which identify it without its text.
 */
export function hashQuery(query: string): string {
  return hashes.get(query);
}
