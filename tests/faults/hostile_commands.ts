/** The faults of a hostile server in a command. */
import { delay } from "@std/async/delay";
import { INTERNAL_ERROR } from "../../src/protocol/mod.ts";

/** A command, and the means to answer it. */
export interface Exchange {
  /** The command's ID. */
  readonly id: string;
  /** The parameter as JSON text. */
  readonly param: string;
  /** The number of this run of the server, counted from 1. */
  readonly run: number;
  /** Sends anything to the client. */
  write(data: string | Uint8Array): Promise<void>;
  /** Resolves to the next field that the client sends. */
  nextField(): Promise<string>;
  /** Closes the socket. */
  close(): void;
}

/** The exit code of a server that dies of a fault. */
export const FAULT_EXIT_CODE = 7;

/** The number of bytes of data in a long record. */
export const LONG_RECORD_BYTES = 64 << 20;

/** Answers correctly, with the parameter. */
export async function answerCorrectly({ id, param, write }: Exchange): Promise<void> {
  await write(`${id} ok ${param}\n`);
}

/** The faults, by the query that causes each. */
export const COMMAND_FAULTS = {
  "answer with a wrong id": ({ param, write }) => write(`nobody ok ${param}\n`),
  "answer with an unknown type": ({ id, param, write }) => write(`${id} maybe ${param}\n`),
  "answer with a line that is not a record": ({ write }) => write("what?\n"),
  "answer with invalid UTF-8": async ({ id, write }) => {
    await write(`${id} ok "`);
    await write(Uint8Array.of(0xff, 0x22, 0x0a));
  },
  "answer with invalid JSON": ({ id, write }) => write(`${id} ok {oops\n`),
  "answer with an empty line": ({ write }) => write("\n"),
  "answer with 'reset'": ({ write }) => write("reset\n"),
  "answer byte by byte": async ({ id, param, write }) => {
    for (const byte of new TextEncoder().encode(`${id} ok ${param}\n`)) {
      await write(Uint8Array.of(byte));
      await delay(0);
    }
  },
  "answer with a long record": async ({ id, write }) => {
    await write(`${id} ok "${"x".repeat(LONG_RECORD_BYTES)}"\n`);
  },
  "answer with half a long record and close": async ({ id, write, close }) => {
    await write(`${id} ok "${"x".repeat(LONG_RECORD_BYTES)}`);
    close();
  },
  "answer with half a record and close": async ({ id, write, close }) => {
    await write(`${id} ok [1,`);
    close();
  },
  "answer twice": async ({ id, param, write }) => {
    await write(`${id} ok ${param}\n${id} ok ${param}\n`);
  },
  "answer and send extra records": async ({ id, param, write }) => {
    await write(`${id} ok ${param}\nnobody ok 1\nnobody exception "no"\nbad command\n`);
  },
  "answer with the next id": async ({ id, param, write }) => {
    // The client counts IDs up, so this one belongs to another command, or soon will.
    await write(`${Number(id) + 1} ok ${param}\n`);
  },
  "never answer": () => Promise.resolve(),
  "take memory without end": async () => {
    for (const taken: Uint8Array[] = [];;) {
      taken.push(new Uint8Array(8 << 20).fill(1));
      await delay(10);
    }
  },
  "close the socket": ({ close }) => Promise.resolve(close()),
  "print": async ({ id, param, write }) => {
    await Deno.stdout.write(new Uint8Array(Number(param)).fill(0x78));
    await write(`${id} ok ${param}\n`);
  },
  "die in the first run": async ({ id, param, write, run }) => {
    if (run === 1) Deno.exit(FAULT_EXIT_CODE);
    await write(`${id} ok ${param}\n`);
  },
  "die without an answer": () => Deno.exit(FAULT_EXIT_CODE),
  "die halfway through the answer": async ({ id, write }) => {
    await write(`${id} ok [1,`);
    Deno.exit(FAULT_EXIT_CODE);
  },
  "die after the answer": async ({ id, param, write }) => {
    await write(`${id} ok ${param}\n`);
    Deno.exit(FAULT_EXIT_CODE);
  },
  "die after sending a message": async ({ id, param, write }) => {
    await write(`${id} message ${param}\n`);
    Deno.exit(FAULT_EXIT_CODE);
  },
  "die on the answer to a message": async ({ id, param, write, nextField }) => {
    await write(`${id} message ${param}\n`);
    await nextField();
    Deno.exit(FAULT_EXIT_CODE);
  },
  "send a message": async ({ id, param, write, nextField }) => {
    await write(`${id} message ${param}\n`);
    await nextField();
    const answer = await nextField();
    await write(
      answer === INTERNAL_ERROR ? `${id} exception "refused"\n` : `${id} ok ${answer}\n`,
    );
  },
  "send a message with a wrong id": async ({ id, param, write }) => {
    await write(`nobody message ${param}\n${id} ok ${param}\n`);
  },
  "send a message and do not wait for the answer": async ({ id, param, write }) => {
    await write(`${id} message ${param}\n${id} ok ${param}\n`);
  },
  "send a message after the answer": async ({ id, param, write }) => {
    await write(`${id} ok ${param}\n${id} message ${param}\n`);
  },
} satisfies Record<string, (exchange: Exchange) => Promise<void>>;

/** A query that causes a fault. */
export type CommandFault = keyof typeof COMMAND_FAULTS;
