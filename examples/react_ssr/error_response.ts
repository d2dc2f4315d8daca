import { JSockDClientError, JSockDJSException } from "@x/jsockd";

/**
 * Returns the response for a page that could not be rendered. It is plain text, so that an error
 * message cannot inject markup. Only in development does it contain the stack trace.
 */
export function errorResponse(error: unknown, dev: boolean): Response {
  const [status, text] = describe(error);
  const stack = dev && error instanceof Error ? `\n\n${error.stack}` : "";
  return new Response(text + stack, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" },
  });
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
