import { types } from "node:util";
import vm from "node:vm";
import { CONSOLE_METHODS, consoleMessages, NEW_WRITE } from "../console.ts";
import { type EngineHost, MessageError, type ModuleSource } from "../engine.ts";
import { makeInspect } from "../guest/inspect.ts";
import { installJSockD } from "../guest/jsockd.ts";
import { installLazyGlobals } from "../guest/lazy_globals.ts";
import { installTextCoding } from "../guest/text_coding.ts";
import { WEB_STREAM_GLOBALS } from "../web_streams.ts";
import { LANGUAGE_GLOBALS } from "./globals.ts";
import { type GuestCommands, makeCommands, STATUS } from "./guest/commands.ts";
import { installConsole, makeSendMessage, makeTextCodingHost } from "./guest/jsockd_globals.ts";
import { installLanguage, makeImportRefusal } from "./guest/language.ts";
import { type HostFunction, makeShield } from "./guest/shield.ts";
import { makeShow } from "./guest/show.ts";
import { installStacks } from "./guest/stacks.ts";
import { decode, encodeInto, encodingOf, newDecoder } from "./text_coding.ts";

/** The source name, in stack traces, of the server's own JavaScript in a realm. */
const GUEST_SOURCE = "<jsockd>";

/** The source name of the scripts that start commands. All frames below them are the server's. */
const ENTRY_SOURCE = "<jsockd-entry>";

/**
 * By default, Deno reads the stack of a thrown value to display it. That can call JavaScript of the
 * realm, which no time limit would interrupt.
 */
const SCRIPT_OPTIONS = { displayErrors: false } as const;

/** A variable of each realm. Commands cannot guess its name. */
const ENTRY = `jsockd_${crypto.randomUUID().replaceAll("-", "")}`;

const enterScript = new vm.Script(`${ENTRY}()`, { filename: ENTRY_SOURCE });

/**
 * The realm that was entered last, for the callback of `import()`. V8 never releases those callbacks, so
 * one that holds its realm would be a leak.
 */
let running: Realm;

/** The server's own scripts, which are compiled once for all realms. */
const guestScripts = new Map<string, vm.Script>();

/**
 * A V8 realm that has exactly jsockd's globals. JavaScript in it cannot reach Deno's API.
 *
 * The realm has its own microtask queue, which {@linkcode Realm.enter} empties before it returns.
 */
export class Realm {
  /** Runs commands. */
  readonly commands: GuestCommands;
  readonly #context: vm.Context = vm.createContext(vm.constants.DONT_CONTEXTIFY, {
    microtaskMode: "afterEvaluate",
  });
  readonly #setEntry: (work: () => void) => void;
  /** Throws the error of an `import()`, which is one of the realm. */
  readonly #refuseImport: () => never;
  /** The name and the message, in two lines, of the error that the shield has to throw in the realm. */
  #failure = "";

  /** @param webStreams The source text of the Web Streams polyfill. */
  constructor({ log, sendMessage }: Omit<EngineHost, "isolated">, webStreams: string) {
    this.#callGuest(installLanguage, LANGUAGE_GLOBALS.join(" "));
    this.#refuseImport = this.#callGuest(makeImportRefusal);
    const shield = this.#callGuest(makeShield, () => this.#takeFailure());
    const expose = <Fn extends HostFunction>(hostFunction: Fn): Fn =>
      shield(this.#captureFailure(hostFunction));

    const stackOf = this.#callGuest(installStacks, GUEST_SOURCE, ENTRY_SOURCE);
    const show = this.#callGuest(makeShow, this.#callGuest(makeInspect, stackOf));
    // The order of these definitions is jsockd's, because JavaScript can observe it.
    const textCoding = [encodeInto, newDecoder, encodingOf, decode].map(expose);
    this.#callGuest(
      installTextCoding,
      this.#callGuest(makeTextCodingHost, ...textCoding as Parameters<typeof makeTextCodingHost>),
    );
    this.#callGuest(installJSockD, this.#callGuest(makeSendMessage, expose(sendMessage)));
    this.#callGuest(
      installConsole,
      CONSOLE_METHODS.join(" "),
      show,
      expose((method: string, shownJson: string) => {
        const shown: (string | string[])[] = JSON.parse(shownJson);
        // A string argument is in an array. Its NULs are its own, and do not separate writes.
        const pieces = shown.map((value) =>
          typeof value === "string" ? value.split(NEW_WRITE) : value
        );
        for (const message of consoleMessages(method, pieces)) log("INFO", message, "console");
      }),
    );
    const streamNames = this.#runGuest(JSON.stringify(WEB_STREAM_GLOBALS)) as string[];
    this.#callGuest(
      installLazyGlobals,
      streamNames,
      expose(() => void this.#runGuest(webStreams)),
    );
    const newCommands = this.#runGuest(`(${makeCommands})`, ENTRY_SOURCE) as typeof makeCommands;
    this.commands = newCommands(show, expose(types.isPromise), JSON.stringify(STATUS));

    // `let` does not define a property that commands could find.
    this.#setEntry = this.#runGuest(`let ${ENTRY}; (work) => { ${ENTRY} = work; }`) as (
      work: () => void,
    ) => void;
  }

  /**
   * Runs a script and returns its value.
   *
   * @throws A `SyntaxError` if it does not compile, or whatever the script throws.
   */
  run(source: string, name: string): unknown {
    running = this;
    const script = new vm.Script(source, {
      filename: name,
      importModuleDynamically: refuseImport,
    });
    return script.runInContext(this.#context, SCRIPT_OPTIONS);
  }

  /** Defines a global. */
  define(name: string, value: unknown): void {
    this.#context[name] = value;
  }

  /**
   * Calls `work`, then runs the microtasks, and interrupts either at the time limit.
   *
   * @param limitMs The time limit in milliseconds; may be Infinity.
   * @throws Whatever `work` throws, or a value of the realm at the time limit.
   */
  enter(work: () => void, limitMs: number): void {
    running = this;
    this.#setEntry(work);
    const limit = Number.isFinite(limitMs) ? { timeout: limitMs } : {};
    enterScript.runInContext(this.#context, {
      ...SCRIPT_OPTIONS,
      ...limit,
    });
  }

  /**
   * Compiles a module in the realm, without running it.
   *
   * @throws A `SyntaxError` if it does not compile.
   */
  newModule({ name, text }: ModuleSource): vm.SourceTextModule {
    return new vm.SourceTextModule(text, {
      context: this.#context,
      identifier: name,
      importModuleDynamically: refuseImport,
    });
  }

  /**
   * Throws the error of an `import()`.
   *
   * @throws An error of the realm.
   */
  refuseImport(): never {
    this.#refuseImport();
  }

  /** Runs a script of the server's own and returns its value. */
  #runGuest(source: string, name = GUEST_SOURCE): unknown {
    return guestScript(source, name).runInContext(this.#context, SCRIPT_OPTIONS);
  }

  /** Evaluates the source text of a guest function in the realm, and calls it there. */
  #callGuest<Args extends unknown[], Result>(
    guest: (...args: Args) => Result,
    ...args: Args
  ): Result {
    const callee = this.#runGuest(`(${guest})`) as typeof guest;
    return callee(...args);
  }

  /**
   * Returns a version of a host function that never throws. It stores a description of the error, and
   * the shield throws a new error of the realm, so that the realm never sees an object of the host.
   */
  #captureFailure<Fn extends HostFunction>(hostFunction: Fn): Fn {
    const capturing: HostFunction = (...args) => {
      try {
        return hostFunction(...args);
      } catch (error) {
        this.#failure = describeFailure(error);
        return undefined;
      }
    };
    return capturing as Fn;
  }

  #takeFailure(): string {
    const failure = this.#failure;
    this.#failure = "";
    return failure;
  }
}

function guestScript(source: string, name: string): vm.Script {
  const known = guestScripts.get(source);
  if (known !== undefined) return known;
  const compiled = new vm.Script(source, { filename: name });
  guestScripts.set(source, compiled);
  return compiled;
}

function refuseImport(): never {
  running.refuseImport();
}

function describeFailure(error: unknown): string {
  if (error instanceof MessageError) {
    return `InternalError\nError sending message via JSockD: ${error.message}`;
  }
  return error instanceof Error ? `${error.name}\n${error.message}` : `Error\n${error}`;
}
