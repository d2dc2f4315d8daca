import { assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { type JSockDClient, JSockDClientError } from "../../mod.ts";
import { until } from "../support/until.ts";

/** Text of a query that returns its parameter. */
export const ECHO = "(_, n) => n";

/** What callers have seen. */
export interface Tally {
  /** Commands sent. */
  readonly sent: number;
  /** Commands that had a result. */
  readonly answered: number;
  /** Commands that had the result of another. */
  readonly wrong: number;
  /** Commands that had none, by the code of the error. */
  readonly rejected: Readonly<Record<string, number>>;
}

/**
 * Callers that keep a client busy until they are stopped: each awaits one command before its next, and
 * each command has a parameter, and so a result, that no other has.
 */
export class Callers implements AsyncDisposable {
  readonly #client: JSockDClient;
  readonly #calling: Promise<unknown>;
  readonly #rejected: Record<string, number> = {};
  #stopped = false;
  #sent = 0;
  #answered = 0;
  #wrong = 0;

  constructor(client: JSockDClient, count = 8) {
    this.#client = client;
    this.#calling = Promise.all(Array.from({ length: count }, () => this.#call()));
  }

  /** What they have seen so far; what is not in it yet is still pending. */
  get tally(): Tally {
    return {
      sent: this.#sent,
      answered: this.#answered,
      wrong: this.#wrong,
      rejected: { ...this.#rejected },
    };
  }

  /** Waits until so many more commands have had a result. */
  async moreAnswers(count: number): Promise<void> {
    const goal = this.#answered + count;
    await until(() => this.#answered >= goal, `${count} more answers`);
  }

  /** Lets each caller's last command settle. */
  async stop(): Promise<Tally> {
    this.#stopped = true;
    await this.#calling;
    return this.tally;
  }

  /** Stops, and fails if a caller was not answered, or not with its own result. */
  async stopUnharmed(): Promise<void> {
    const { sent, answered, wrong, rejected } = await this.stop();
    assertEquals({ answered, wrong, rejected }, { answered: sent, wrong: 0, rejected: {} });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #call(): Promise<void> {
    while (!this.#stopped) {
      const n = this.#sent++;
      try {
        if (await this.#client.run(ECHO, n) === n) this.#answered++;
        else this.#wrong++;
      } catch (error) {
        const code = error instanceof JSockDClientError ? error.code : String(error);
        this.#rejected[code] = (this.#rejected[code] ?? 0) + 1;
        // A client that rejects at once must not keep all others from running.
        await delay(0);
      }
    }
  }
}

/** Fails unless a client soon has commands answered as if nothing had been. */
export async function assertRecovers(client: JSockDClient): Promise<void> {
  await using callers = new Callers(client, 1);
  await callers.moreAnswers(1);
  await callers.stop();
  for (let n = 0; n < 20; n++) assertEquals(await client.run(ECHO, n), n);
}
