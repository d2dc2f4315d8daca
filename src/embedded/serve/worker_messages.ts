import type { LogLevel, LogOrigin, ModuleSource } from "../engines/engine.ts";

/** What a worker needs to serve one socket; the main thread sends it once. */
export interface WorkerSetup {
  /** The memory of the mailbox through which the client's bytes come. */
  readonly mailbox: SharedArrayBuffer;
  /** The byte that ends a field. */
  readonly separator: number;
  /** QuickJS, compiled. */
  readonly engine: WebAssembly.Module;
  /** The source text of the Web Streams polyfill. */
  readonly webStreams: string;
  /** The module that every command gets. */
  readonly module: ModuleSource | undefined;
  /** The module's source map. */
  readonly sourceMap: string | undefined;
  /** The longest run of a command, in microseconds. */
  readonly maxCommandRuntimeUs: number;
  /** The idle time after which the runtime is shut down, in milliseconds; may be Infinity. */
  readonly idleTimeout: number;
}

/** What a worker tells the main thread. */
export type WorkerReport =
  /** It can take commands. */
  | { readonly type: "ready" }
  /** It never will be ready. */
  | { readonly type: "failed"; readonly message: string }
  /** The client is to get these bytes. */
  | { readonly type: "record"; readonly bytes: Uint8Array<ArrayBuffer> }
  /** The log is to get this message. */
  | {
    readonly type: "log";
    readonly level: LogLevel;
    readonly message: string;
    readonly origin: LogOrigin;
  }
  /** The client wants the server to end. */
  | { readonly type: "quit" };
