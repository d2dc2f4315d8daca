/** What a hostile server can do wrong in a command. */
import { delay } from "@std/async/delay";
import { INTERNAL_ERROR } from "../../src/protocol/mod.ts";

/** A command, and what to answer it with. */
export interface Exchange {
  /** The command's ID. */
  readonly id: string;
  /** Its parameter, JSON text. */
  readonly param: string;
  /** Sends anything to the client. */
  write(data: string | Uint8Array): Promise<void>;
  /** What the client sends next, up to a separator. */
  nextField(): Promise<string>;
  /** Closes the socket. */
  close(): void;
}

/** What a server exits with that dies of a fault. */
export const FAULT_EXIT_CODE = 7;

/** Bytes of a record that is very long. */
export const LONG_RECORD_BYTES = 64 << 20;

/** Answers with the parameter. */
export async function honestly({ id, param, write }: Exchange): Promise<void> {
  await write(`${id} ok ${param}\n`);
}

/** How a command can go wrong, by the query that makes it. */
export const COMMAND_FAULTS = {
  "answer with a wrong id": ({ param, write }) => write(`nobody ok ${param}\n`),
  "answer with an unknown type": ({ id, param, write }) => write(`${id} maybe ${param}\n`),
  "answer with a line that is no record": ({ write }) => write("what?\n"),
  "answer what is not UTF-8": async ({ id, write }) => {
    await write(`${id} ok "`);
    await write(Uint8Array.of(0xff, 0x22, 0x0a));
  },
  "answer what is not JSON": ({ id, write }) => write(`${id} ok {oops\n`),
  "answer an empty line": ({ write }) => write("\n"),
  "answer 'reset'": ({ write }) => write("reset\n"),
  "answer in single bytes": async ({ id, param, write }) => {
    for (const byte of new TextEncoder().encode(`${id} ok ${param}\n`)) {
      await write(Uint8Array.of(byte));
      await delay(0);
    }
  },
  "answer at length": async ({ id, write }) => {
    await write(`${id} ok "${"x".repeat(LONG_RECORD_BYTES)}"\n`);
  },
  "answer at length and never finish": async ({ id, write, close }) => {
    await write(`${id} ok "${"x".repeat(LONG_RECORD_BYTES)}`);
    close();
  },
  "answer half and end": async ({ id, write, close }) => {
    await write(`${id} ok [1,`);
    close();
  },
  "answer twice": async ({ id, param, write }) => {
    await write(`${id} ok ${param}\n${id} ok ${param}\n`);
  },
  "answer what nobody asked": async ({ id, param, write }) => {
    await write(`${id} ok ${param}\nnobody ok 1\nnobody exception "no"\nbad command\n`);
  },
  "answer with the next id": async ({ id, param, write }) => {
    // IDs are counted: this one is, or soon will be, another command's.
    await write(`${(parseInt(id, 36) + 1).toString(36)} ok ${param}\n`);
  },
  "answer never": () => Promise.resolve(),
  "close the socket": ({ close }) => Promise.resolve(close()),
  "print": async ({ id, param, write }) => {
    await Deno.stdout.write(new Uint8Array(Number(param)).fill(0x78));
    await write(`${id} ok ${param}\n`);
  },
  "die unanswered": () => Deno.exit(FAULT_EXIT_CODE),
  "die within the answer": async ({ id, write }) => {
    await write(`${id} ok [1,`);
    Deno.exit(FAULT_EXIT_CODE);
  },
  "die after the answer": async ({ id, param, write }) => {
    await write(`${id} ok ${param}\n`);
    Deno.exit(FAULT_EXIT_CODE);
  },
  "die within a message": async ({ id, param, write }) => {
    await write(`${id} message ${param}\n`);
    Deno.exit(FAULT_EXIT_CODE);
  },
  "die of a message's answer": async ({ id, param, write, nextField }) => {
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
  "send another's message": async ({ id, param, write }) => {
    await write(`nobody message ${param}\n${id} ok ${param}\n`);
  },
  "send a message and wait for no answer": async ({ id, param, write }) => {
    await write(`${id} message ${param}\n${id} ok ${param}\n`);
  },
  "send a message after the answer": async ({ id, param, write }) => {
    await write(`${id} ok ${param}\n${id} message ${param}\n`);
  },
} satisfies Record<string, (exchange: Exchange) => Promise<void>>;

/** A query that goes wrong. */
export type CommandFault = keyof typeof COMMAND_FAULTS;
