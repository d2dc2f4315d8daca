import { type JSockDClient, JSockDClientError, JSockDJSException } from "../../mod.ts";
import type { Compiler } from "./compiler.ts";
import { Program, STARTED } from "./program.ts";
import type { Result } from "./renderer.ts";
import type { Outcome, RunRequest, Times } from "./wire.ts";

/**
 * Runs a program and tells how it ended.
 *
 * @param onMessage Receives each message that the program sends; it is answered with itself.
 */
export async function runProgram(
  client: JSockDClient,
  compiler: Compiler,
  { code, parameter }: RunRequest,
  onMessage: (message: unknown) => void,
): Promise<Outcome> {
  if (code.trim() === "") return failure("There is no code to run");
  let value: unknown;
  try {
    value = parameter.trim() === "" ? null : JSON.parse(parameter);
  } catch (error) {
    return failure(`Cannot read the parameter as JSON: ${(error as SyntaxError).message}`);
  }
  const compilation = await compiler.compile(code);
  if ("problems" in compilation) {
    const { problems } = compilation;
    const count = problems.length === 1 ? "an error" : `${problems.length} errors`;
    return { ...failure(`The code has ${count}, so it was not sent`), problems };
  }
  const program = new Program(compilation.code, compilation.map);

  const called = performance.now();
  let began: number | undefined;
  const times = (): Times => {
    const ended = performance.now();
    return { waited: (began ?? ended) - called, ran: began === undefined ? null : ended - began };
  };
  // The first message is the query's own, before the program.
  const messageHandler = (message: unknown) => {
    if (began !== undefined) onMessage(message);
    else if (message === STARTED) began = performance.now();
    return message;
  };
  try {
    const result = await client.run<Result>(program.query, value, messageHandler);
    const { html } = result;
    return {
      status: "result",
      text: JSON.stringify(result.value ?? null, null, 2),
      ...html !== undefined && { html },
      times: times(),
    };
  } catch (error) {
    if (error instanceof JSockDJSException) {
      const trace = program.trace(error);
      return { status: "exception", text: error.errorMessage, trace, times: times() };
    }
    if (error instanceof JSockDClientError) {
      return { ...failure(`${error.message} (${error.code})`), times: times() };
    }
    throw error;
  }
}

function failure(text: string): Outcome {
  return { status: "error", text };
}
