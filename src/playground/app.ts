import { EventStream } from "./event_stream.ts";
import { Gate, readJson, Refusal, secured } from "./gate.ts";
import { HTML } from "./page/html.ts";
import { STYLE } from "./page/style.ts";
import { LogThrottle } from "./log_throttle.ts";
import { Sampler } from "./sampler.ts";
import type { PlaygroundServer } from "./playground_server.ts";
import type { LogLine } from "./wire.ts";

/** The most callers on each server. More would only measure the program that calls. */
const MAX_CALLERS = 64;

/** What the application and its servers are set to. */
export interface Settings {
  /** The port that the application is served on. */
  readonly port: number;
  readonly threads: number;
  readonly limitMs: number;
}

/** Answers the requests of the page. */
export class App implements AsyncDisposable {
  readonly #settings: Settings;
  readonly #gate: Gate;
  readonly #events = new EventStream();
  readonly #throttle = new LogThrottle((line) => this.#events.send("log", line));
  #servers: readonly PlaygroundServer[] = [];
  #sampler: Sampler | undefined;
  #script = "";
  #callers = 0;

  /** Creates the application. It refuses requests until it is opened. */
  constructor(settings: Settings) {
    this.#settings = settings;
    this.#gate = new Gate(settings.port);
  }

  /** The path of the page. */
  get path(): string {
    return this.#gate.path;
  }

  /** Shows a line of a server's log. */
  readonly log = (line: LogLine): void => this.#throttle.send(line);

  /** Begins to answer requests. */
  open(servers: readonly PlaygroundServer[], script: string): void {
    this.#servers = servers;
    this.#script = script;
    this.#sampler = new Sampler(servers, this.#events, () => this.#setCallers(0));
  }

  /** Answers a request. */
  async respond(request: Request): Promise<Response> {
    try {
      const name = this.#gate.check(request);
      return secured(await this.#answer(`${request.method} ${name}`, request));
    } catch (error) {
      if (error instanceof Refusal) {
        return secured(new Response(error.message, { status: error.status }));
      }
      console.error(error);
      return secured(new Response("The playground failed; its log says why", { status: 500 }));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sampler?.[Symbol.asyncDispose]();
    this.#events[Symbol.dispose]();
  }

  async #answer(route: string, request: Request): Promise<Response> {
    switch (route) {
      case "GET ":
        return text(HTML, "text/html");
      case "GET style.css":
        return text(STYLE, "text/css");
      case "GET main.js":
        return text(this.#script, "text/javascript");
      case "GET events": {
        const { threads, limitMs } = this.#settings;
        return this.#events.open("welcome", {
          servers: this.#servers.map(({ info }) => info),
          threads,
          limitMs,
          callers: this.#callers,
        });
      }
      case "POST run": {
        const { server, code, parameter } = await readJson(request);
        if (typeof code !== "string" || typeof parameter !== "string") {
          throw new Refusal(400, "Expected the texts 'code' and 'parameter'");
        }
        const { id } = this.#find(server).info;
        const run = this.#find(server).run({ server: id, code, parameter });
        return Response.json(await run);
      }
      case "POST load": {
        const { callers } = await readJson(request);
        if (!Number.isInteger(callers) || Number(callers) < 0 || Number(callers) > MAX_CALLERS) {
          throw new Refusal(400, `Expected 'callers' from 0 to ${MAX_CALLERS}`);
        }
        await this.#setCallers(Number(callers));
        return new Response(null, { status: 204 });
      }
      case "POST kill": {
        const { server } = await readJson(request);
        this.#find(server).kill();
        return new Response(null, { status: 204 });
      }
      default:
        throw new Refusal(404, "There is nothing at this address");
    }
  }

  #find(id: unknown): PlaygroundServer {
    const server = this.#servers.find(({ info }) => info.id === id);
    if (server === undefined) throw new Refusal(400, "Expected the name of a server in 'server'");
    return server;
  }

  async #setCallers(callers: number): Promise<void> {
    if (callers === this.#callers) return;
    this.#callers = callers;
    this.#events.send("load", { callers });
    await Promise.all(this.#servers.map((server) => server.setCallers(callers)));
  }
}

function text(body: string, type: string): Response {
  return new Response(body, { headers: { "content-type": `${type}; charset=utf-8` } });
}
