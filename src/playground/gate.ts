import { parseJson } from "../common/parse_json.ts";

/** The largest body of a request, in bytes. A command takes less. */
const MAX_BODY = 2 * 1024 * 1024;

/** Headers of all responses: the page loads nothing from elsewhere, and nobody may embed it. */
const HEADERS = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    // The editor adds styles, and so may the HTML in the preview, which has no scripts.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};

/** A request that is refused. The message is for whoever sent it. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  /** The status of the response. */
  readonly status: number;

  /** Creates a refusal. */
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Lets only the playground's own page in, because the playground runs any code that it is sent.
 *
 * The loopback address keeps other machines out. The secret in the path keeps out other users of
 * this one, and other web sites in the user's browser. `Host` stops sites that have their name
 * resolve to the loopback address (DNS rebinding), and `Origin` those that send requests blindly.
 */
export class Gate {
  /** The path of the page, which ends with a slash. */
  readonly path = `/${crypto.randomUUID()}/`;
  readonly #hosts: readonly string[];

  /** Creates the gate of a port. */
  constructor(port: number) {
    this.#hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  }

  /**
   * Returns the rest of a request's path.
   *
   * @throws {Refusal} If the request does not come from the page, or from a user with its address.
   */
  check({ url, method, headers }: Request): string {
    const host = headers.get("host") ?? "";
    if (!this.#hosts.includes(host)) {
      throw new Refusal(403, `This playground is not at '${host}'`);
    }
    const { pathname } = new URL(url);
    if (!pathname.startsWith(this.path)) {
      throw new Refusal(403, "Open the address that the playground printed, with the secret in it");
    }
    // Browsers send an origin with each POST. Other programs must, too.
    const origin = headers.get("origin");
    if (origin === null ? method === "POST" : origin !== `http://${host}`) {
      throw new Refusal(403, `Requests from ${origin ?? "nowhere"} are refused`);
    }
    const site = headers.get("sec-fetch-site") ?? "none";
    if (site !== "none" && site !== "same-origin") {
      throw new Refusal(403, "Requests from other sites are refused");
    }
    return pathname.slice(this.path.length);
  }
}

/**
 * Reads the body of a request as an object.
 *
 * @throws {Refusal} If it is not JSON, says that it is something else, or is too large.
 */
export async function readJson(request: Request): Promise<Record<string, unknown>> {
  const type = request.headers.get("content-type") ?? "no content type";
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new Refusal(415, `Expected application/json, got ${type}`);
  }
  const value = parseJson(await readText(request));
  if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  throw new Refusal(400, "Expected an object as JSON");
}

/** Returns a response with the headers that all have. */
export function secured(response: Response): Response {
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value);
  return response;
}

async function readText(request: Request): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BODY) throw new Refusal(413, `Expected at most ${MAX_BODY} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
