/**
 * The compiler, a program that `compiler.ts` starts. Reads the source of a module as a line of JSON,
 * and answers with a line of JSON, until stdin ends.
 *
 * @module
 */
import { TextLineStream } from "@std/streams/text-line-stream";
import { type Message, stop, transform } from "esbuild";
import type { Problem } from "./wire.ts";

/** A compiled module, or the errors in its source. */
export type Compilation =
  | { readonly code: string; readonly map: string }
  | { readonly problems: readonly Problem[] };

if (import.meta.main) {
  const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  for await (const line of lines) console.log(JSON.stringify(await compile(JSON.parse(line))));
  await stop();
}

async function compile(source: string): Promise<Compilation> {
  try {
    const { code, map } = await transform(source, {
      loader: "tsx",
      // With CommonJS, imports become calls of `require`, which the query provides.
      format: "cjs",
      jsx: "automatic",
      target: "es2023",
      sourcemap: "external",
      sourcefile: "program.tsx",
      logLevel: "silent",
    });
    return { code, map };
  } catch (error) {
    if (!(error instanceof Error && "errors" in error)) throw error;
    return { problems: (error.errors as Message[]).map(toProblem) };
  }
}

/** Converts a message of esbuild, which counts columns in bytes, from 0. */
function toProblem({ text, location }: Message): Problem {
  if (location === null) return { text, place: null };
  const { line, column, lineText } = location;
  const before = new TextEncoder().encode(lineText).subarray(0, column);
  return { text, place: { line, column: new TextDecoder().decode(before).length + 1 } };
}
