import { JSockDClientError, JSockDJSException } from "@x/jsockd";
import type { FailureProps } from "./pages/Failure.tsx";

/** Describes why a page could not be rendered. Only in development with the stack trace. */
export function describeFailure(error: unknown, dev: boolean): FailureProps {
  const [status, text] = describe(error);
  return dev && error instanceof Error && error.stack !== undefined
    ? { status, text, stack: error.stack }
    : { status, text };
}

function describe(error: unknown): [status: number, text: string] {
  if (error instanceof JSockDJSException && error.errorMessage.includes("interrupted")) {
    return [504, "This page took too long"];
  }
  // There were too many requests at once, or the application is stopping.
  if (error instanceof JSockDClientError && ["TIMEOUT", "CLOSED"].includes(error.code)) {
    return [503, "Too busy, please try again"];
  }
  return [500, "Something went wrong"];
}
