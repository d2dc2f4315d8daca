/** A model of a client: how each of its promises may settle, whatever happens in whatever order. */
import { assert } from "@std/assert";
import { delay } from "@std/async/delay";
import {
  type JSockDClient,
  JSockDClientError,
  type JSockDErrorCode,
  JSockDJSException,
  type RunOptions,
} from "../../mod.ts";
import { within } from "../support/within.ts";

/**
 * How a promise settled: its value as JSON, an error's code, an exception's message, or `aborted`.
 */
type Outcome = string;

/** A kind of command, and how it may settle if nothing interferes. */
interface Kind {
  readonly query: string;
  readonly options?: (n: number) => RunOptions;
  readonly outcomes: (n: number) => readonly Outcome[];
}

const ECHO = "(_, n) => n";
const SEND = "(_, n) => JSockD.sendMessage(n)";
const SEND_AT_TIMES = "(_, n) => n % 3 === 0 ? JSockD.sendMessage(n) : n";

/** All kinds of commands. */
export const KINDS = {
  "echo": { query: ECHO, outcomes: (n) => [`${n}`] },
  "echo at once": {
    query: ECHO,
    options: () => ({ timeoutUs: 1_500 }),
    outcomes: (n) => [`${n}`, "TIMEOUT"],
  },
  "spin": {
    query: "(_, n) => { for (const end = Date.now() + n % 5; Date.now() < end;); return n }",
    outcomes: (n) => [`${n}`],
  },
  "throw": {
    query: "(_, n) => { throw new Error(`thrown ${n}`) }",
    outcomes: (n) => [`Error: thrown ${n}`],
  },
  "send": {
    query: SEND,
    options: () => ({ messageHandler: (n) => -n }),
    outcomes: (n) => [`${-n}`],
  },
  "send slowly": {
    query: SEND,
    options: () => ({ messageHandler: async (n) => (await delay(n % 5), -n) }),
    outcomes: (n) => [`${-n}`],
  },
  "send in vain": {
    query: SEND,
    options: () => ({ messageHandler: () => Promise.reject(new Error("handler")) }),
    outcomes: () => ["MESSAGE_HANDLER"],
  },
  "send for ever": {
    query: SEND,
    options: () => ({ messageHandler: () => new Promise(() => {}), timeoutUs: 5_000 }),
    outcomes: () => ["TIMEOUT"],
  },
  "send to nobody, at times": {
    query: SEND_AT_TIMES,
    outcomes: (n) => [n % 3 === 0 ? "MESSAGE_HANDLER" : `${n}`],
  },
  "throw after a message": {
    query: "(_, n) => { throw JSockD.sendMessage(n) }",
    options: () => ({ messageHandler: (n) => `thrown ${n}` }),
    outcomes: (n) => [`"thrown ${n}"`],
  },
  "send what cannot be sent": {
    query: SEND,
    options: () => ({ messageHandler: () => 1n }),
    outcomes: () => ["MESSAGE_HANDLER"],
  },
} satisfies Record<string, Kind>;

interface Call {
  readonly what: string;
  readonly settled: Promise<Outcome>;
  readonly abort: AbortController;
  readonly allowed: Set<Outcome>;
  outcome: Outcome | undefined;
}

/** The calls of one run. */
export class Model {
  readonly #calls: Call[] = [];
  #closed = false;
  #kills = 0;
  #killedPid: number | undefined;

  /** The number of times the server was killed. */
  get kills(): number {
    return this.#kills;
  }

  /** Whether the client was closed. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Runs a command. */
  call(client: JSockDClient, what: keyof typeof KINDS): void {
    const n = this.#calls.length;
    const kind: Kind = KINDS[what];
    const abort = new AbortController();
    const options = { ...kind.options?.(n), signal: abort.signal };
    const call: Call = {
      what: `${what} ${n}`,
      settled: outcomeOf(client.run(kind.query, n, options)),
      abort,
      allowed: new Set(this.#closed ? ["CLOSED"] : kind.outcomes(n)),
      outcome: undefined,
    };
    // The client may not know yet that its server is dead.
    if (client.pid === this.#killedPid) call.allowed.add("SERVER_EXITED");
    call.settled.then((outcome) => call.outcome = outcome);
    this.#calls.push(call);
  }

  /** Aborts one of the pending calls. */
  abort(index: number): void {
    const pending = this.#pending;
    const call = pending[index % pending.length];
    call?.allowed.add("aborted");
    call?.abort.abort(new DOMException("aborted", "AbortError"));
  }

  /** Kills the server, if it runs. */
  kill(client: JSockDClient): void {
    this.#kills++;
    this.#killedPid = client.pid;
    try {
      Deno.kill(client.pid, "SIGKILL");
    } catch {
      // It is dead already, and being restarted.
    }
    this.#allowAll("SERVER_EXITED");
  }

  /** Closes the client without waiting for it. */
  close(client: JSockDClient): void {
    this.#closed = true;
    this.#allowAll("CLOSED");
    void client.close();
  }

  /**
   * Asserts that every call settles in an allowed way, and that each kill rejects at most so many
   * commands.
   */
  async verify(lostPerKill: number): Promise<void> {
    const all = Promise.all(this.#calls.map((call) => call.settled));
    const outcomes = await within(all, "all calls to settle");
    for (const { what, outcome, allowed } of this.#calls) {
      assert(allowed.has(outcome!), `${what} → ${outcome}; allowed: ${[...allowed].join(", ")}`);
    }
    const exited = outcomes.filter((outcome) => outcome === "SERVER_EXITED").length;
    assert(exited <= this.#kills * lostPerKill, `${exited} commands lost to ${this.#kills} kills`);
  }

  get #pending(): Call[] {
    return this.#calls.filter((call) => call.outcome === undefined);
  }

  #allowAll(code: JSockDErrorCode): void {
    for (const call of this.#pending) call.allowed.add(code);
  }
}

async function outcomeOf(promise: Promise<unknown>): Promise<Outcome> {
  try {
    return JSON.stringify(await promise);
  } catch (error) {
    if (error instanceof JSockDClientError) return error.code;
    if (error instanceof JSockDJSException) return error.errorMessage;
    return error instanceof DOMException ? error.message : `a foreign error: ${error}`;
  }
}
