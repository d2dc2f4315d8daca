import {
  context,
  type Histogram,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import { JSockDClientError, JSockDJSException } from "../common/errors.ts";
import type { CommandObserver } from "../server/command.ts";

/** The span and the duration of one command, from its call to its result. */
export class CommandObservation implements CommandObserver {
  readonly #tracer: Tracer;
  readonly #duration: Histogram;
  readonly #span: Span;
  readonly #calledAt = performance.now();
  #sentAt: number | undefined;
  #sends = 0;

  /** Starts the span. */
  constructor(tracer: Tracer, duration: Histogram, queryHash: string) {
    this.#tracer = tracer;
    this.#duration = duration;
    this.#span = tracer.startSpan("jsockd.run", {
      kind: SpanKind.CLIENT,
      attributes: { "jsockd.query.hash": queryHash },
    });
  }

  /** Ends the span when the command settles. */
  follow(result: Promise<unknown>): void {
    result.then(() => this.#end("ok"), (error) => this.#end(describeOutcome(error)));
  }

  /** Records the thread, how long the command was queued, and how many times it was sent. */
  sent(thread: number): void {
    this.#sentAt = performance.now();
    this.#span.setAttributes({
      "jsockd.thread": thread,
      "jsockd.queued_ms": this.#sentAt - this.#calledAt,
      "jsockd.sends": ++this.#sends,
    });
  }

  /** Runs a message handler in a span of its own, so that commands that it runs become children. */
  async message(answer: () => Promise<string>): Promise<string> {
    const parent = trace.setSpan(context.active(), this.#span);
    const span = this.#tracer.startSpan("jsockd.message", { kind: SpanKind.INTERNAL }, parent);
    try {
      return await context.with(trace.setSpan(parent, span), answer);
    } catch (error) {
      fail(span, describeOutcome(error));
      throw error;
    } finally {
      span.end();
    }
  }

  #end(outcome: string): void {
    const now = performance.now();
    if (this.#sentAt !== undefined) this.#span.setAttribute("jsockd.run_ms", now - this.#sentAt);
    this.#span.setAttribute("jsockd.outcome", outcome);
    if (outcome !== "ok") fail(this.#span, outcome);
    this.#span.end();
    this.#duration.record((now - this.#calledAt) / 1000, { "jsockd.outcome": outcome });
  }
}

function fail(span: Span, outcome: string): void {
  span.setAttribute("error.type", outcome);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** Returns a code for an error. Its message is not reported, because it may contain parameters. */
function describeOutcome(error: unknown): string {
  if (error instanceof JSockDClientError) return error.code;
  if (error instanceof JSockDJSException) return "EXCEPTION";
  return "ABORTED";
}
