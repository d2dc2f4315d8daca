import { nuid } from "@nats-io/transport-node";
import type { NatsConnection, NatsMessage, NatsSubscription } from "./library.ts";

import { publishIfOpen } from "./connection.ts";

/** What the answers of a service begin with: `io.nats.micro.v1.`, the type, `_response`. */
const SCHEMA = "io.nats.micro.v1";

/** What a service says of itself. */
export interface ServiceDescription {
  /** Its name: letters, digits, `-` and `_`. */
  readonly name: string;
  /** Its version, as in semantic versioning. */
  readonly version: string;
  /** What it does. */
  readonly description: string;
  /** The subject that it takes requests at, and the queue group in which it does. */
  readonly subject: string;
  readonly queue: string;
  /** What else is known of it. Called for each answer. */
  readonly metadata: () => Record<string, string>;
  /** Its figures. Called for each answer. */
  readonly figures: () => ServiceFigures;
}

/** The figures of a service. */
export interface ServiceFigures {
  /** The requests that it has had, and those of them that failed. */
  readonly requests: number;
  readonly errors: number;
  /** Why the latest one failed; empty if none has. */
  readonly lastError: string;
  /** The time that it has taken for all of them, in milliseconds. */
  readonly milliseconds: number;
  /** Any other figures. */
  readonly data: unknown;
}

/**
 * Lets NATS's own tools find a worker: `nats service ls`, `info` and `stats`. It answers as ADR-32 of
 * nats-io/nats-architecture-and-design says. The package for that, @nats-io/services, brings another
 * copy of the client library.
 */
export class Service {
  /** Identifies this instance of the service. */
  readonly id: string = nuid.next();
  readonly #connection: NatsConnection;
  readonly #description: ServiceDescription;
  readonly #started = new Date().toISOString();
  readonly #subscriptions: NatsSubscription[];

  /** Subscribes to the subjects of service discovery. */
  constructor(connection: NatsConnection, description: ServiceDescription) {
    this.#connection = connection;
    this.#description = description;
    const verbs = {
      PING: () => ({}),
      INFO: () => ({ description: description.description, endpoints: [this.#endpoint()] }),
      STATS: () => ({
        started: this.#started,
        endpoints: [{ ...this.#endpoint(), ...this.#figures() }],
      }),
    };
    this.#subscriptions = Object.entries(verbs).flatMap(([verb, more]) =>
      ["", `.${description.name}`, `.${description.name}.${this.id}`].map((target) =>
        connection.subscribe(`$SRV.${verb}${target}`, {
          callback: (error, msg) => {
            if (error === null) this.#answer(msg, verb, more());
          },
        })
      )
    );
  }

  /** The subject at which this instance alone answers a ping. */
  get pingSubject(): string {
    return `$SRV.PING.${this.#description.name}.${this.id}`;
  }

  /** Ends the subscriptions. */
  close(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
  }

  #answer(msg: NatsMessage, verb: string, more: object): void {
    if (!msg.reply) return;
    const { name, version, metadata } = this.#description;
    const type = `${SCHEMA}.${verb.toLowerCase()}_response`;
    const answer = { type, name, id: this.id, version, metadata: metadata(), ...more };
    publishIfOpen(this.#connection, msg.reply, JSON.stringify(answer));
  }

  #endpoint() {
    const { subject, queue } = this.#description;
    return { name: "run", subject, queue_group: queue, metadata: {} };
  }

  #figures() {
    const { requests, errors, lastError, milliseconds, data } = this.#description.figures();
    // In nanoseconds.
    const processing = Math.round(milliseconds * 1_000_000);
    return {
      num_requests: requests,
      num_errors: errors,
      last_error: lastError,
      processing_time: processing,
      average_processing_time: requests === 0 ? 0 : Math.round(processing / requests),
      data,
    };
  }
}
