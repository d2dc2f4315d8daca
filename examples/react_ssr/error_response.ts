import { JSockDClientError, JSockDJSException } from "@x/jsockd";

/**
 * Answers for a page that could not be rendered. It is plain text, in which nothing that an error
 * says can be markup; only in development does it say where the error came from.
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
  // Too many pages at once, or the application is just being stopped.
  if (error instanceof JSockDClientError && ["TIMEOUT", "CLOSED"].includes(error.code)) {
    return [503, "Too busy, please try again"];
  }
  return [500, "Something went wrong"];
}
