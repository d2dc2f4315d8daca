import { assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { type JSockDClient, JSockDClientError, type RunOptions } from "../../mod.ts";
import { until } from "../support/until.ts";

/** A query that returns its parameter. */
export const ECHO = "(_, n) => n";

/** The outcomes of the callers' commands. */
export interface Tally {
  /** Commands sent. */
  readonly sent: number;
  /** Commands that had the right result. */
  readonly answered: number;
  /** Commands that had a wrong result. */
  readonly wrong: number;
  /** Commands that rejected, by the code of the error. */
  readonly rejected: Readonly<Record<string, number>>;
}

/** What runs a number and resolves to the same number. */
export type Echo = (n: number) => Promise<unknown>;

/**
 * Callers that keep a client busy until they are stopped. Each caller awaits a command before it
 * runs the next. Each command has a unique parameter, so that a wrong result is noticed.
 */
export class Callers implements AsyncDisposable {
  readonly #echo: Echo;
  readonly #calling: Promise<unknown>;
  readonly #rejected: Record<string, number> = {};
  #stopped = false;
  #sent = 0;
  #answered = 0;
  #wrong = 0;

  /** Starts `count` callers, who run each command with these options, or call this function. */
  constructor(client: JSockDClient | Echo, count = 8, options: RunOptions = {}) {
    this.#echo = typeof client === "function" ? client : (n) => client.run(ECHO, n, options);
    this.#calling = Promise.all(Array.from({ length: count }, () => this.#call()));
  }

  /** The outcomes so far. Commands that are pending count as sent only. */
  get tally(): Tally {
    return {
      sent: this.#sent,
      answered: this.#answered,
      wrong: this.#wrong,
      rejected: { ...this.#rejected },
    };
  }

  /** Resolves when `count` more commands have had a result. */
  async moreAnswers(count: number): Promise<void> {
    const goal = this.#answered + count;
    await until(() => this.#answered >= goal, `${count} more answers`);
  }

  /** Stops the callers. Resolves when each caller's last command has settled. */
  async stop(): Promise<Tally> {
    this.#stopped = true;
    await this.#calling;
    return this.tally;
  }

  /** Stops the callers, and asserts that every command had the right result. */
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
        if (await this.#echo(n) === n) this.#answered++;
        else this.#wrong++;
      } catch (error) {
        const code = error instanceof JSockDClientError ? error.code : String(error);
        this.#rejected[code] = (this.#rejected[code] ?? 0) + 1;
        // If the client rejects at once, this loop must not starve all other tasks.
        await delay(0);
      }
    }
  }
}

/** Asserts that a client soon runs commands as usual again. */
export async function assertRecovers(client: JSockDClient): Promise<void> {
  await using callers = new Callers(client, 1);
  await callers.moreAnswers(1);
  await callers.stop();
  for (let n = 0; n < 20; n++) assertEquals(await client.run(ECHO, n), n);
}
