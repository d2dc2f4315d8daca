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

/** The name, in stack traces, of what the server itself runs in a realm. */
const GUEST_SOURCE = "<jsockd>";

/** The name of what calls into the realm: below it there are only calls of the server's. */
const ENTRY_SOURCE = "<jsockd-entry>";

/** Without it Deno reads the stack of what is thrown, and so calls JavaScript outside of any limit. */
const QUIETLY = { displayErrors: false } as const;

/**
 * A realm of V8's with the globals of jsockd and no others: JavaScript in it reaches nothing of Deno.
 *
 * The jobs of its promises run at the end of {@linkcode Realm.enter}, as a part of it.
 */
export class Realm {
  /** Runs commands. */
  readonly commands: GuestCommands;
  readonly #context: vm.Context = vm.createContext(vm.constants.DONT_CONTEXTIFY, {
    microtaskMode: "afterEvaluate",
  });
  readonly #entry: vm.Script;
  readonly #setEntry: (work: () => void) => void;
  /** What every `import()` comes to. It throws an error of the realm's, and so it is one. */
  #refuseImport: () => never = () => {
    throw new Error("Nothing of a command's runs before the realm is complete");
  };
  /** The name and the message of what a function of the server's has to throw in the realm. */
  #failure = "";

  /** @param webStreams The source text of the Web Streams polyfill. */
  constructor({ log, sendMessage }: EngineHost, webStreams: string) {
    this.#call(installLanguage, LANGUAGE_GLOBALS.join(" "));
    this.#refuseImport = this.#call(makeImportRefusal);
    const shield = this.#call(makeShield, () => this.#takeFailure());
    const host = <Fn extends HostFunction>(hostFunction: Fn): Fn =>
      shield(this.#failing(hostFunction));

    const stackOf = this.#call(installStacks, GUEST_SOURCE, ENTRY_SOURCE);
    const show = this.#call(makeShow, this.#call(makeInspect, stackOf));
    // In jsockd's order, which JavaScript can see.
    const textCoding = [encodeInto, newDecoder, encodingOf, decode].map(host);
    this.#call(
      installTextCoding,
      this.#call(makeTextCodingHost, ...textCoding as Parameters<typeof makeTextCodingHost>),
    );
    this.#call(installJSockD, this.#call(makeSendMessage, host(sendMessage)));
    this.#call(
      installConsole,
      CONSOLE_METHODS.join(" "),
      show,
      host((method: string, shownJson: string) => {
        const shown: (string | string[])[] = JSON.parse(shownJson);
        // What is text already is in an array: a NUL in it is its own.
        const pieces = shown.map((value) =>
          typeof value === "string" ? value.split(NEW_WRITE) : value
        );
        for (const message of consoleMessages(method, pieces)) log("INFO", message, "console");
      }),
    );
    const streamNames = this.run(JSON.stringify(WEB_STREAM_GLOBALS), GUEST_SOURCE) as string[];
    this.#call(
      installLazyGlobals,
      streamNames,
      host(() => void this.run(webStreams, GUEST_SOURCE)),
    );
    const newCommands = this.run(`(${makeCommands})`, ENTRY_SOURCE) as typeof makeCommands;
    this.commands = newCommands(show, host(types.isPromise), JSON.stringify(STATUS));

    // A name that cannot be guessed, and is no property that could be found.
    const entry = `jsockd_${crypto.randomUUID().replaceAll("-", "")}`;
    this.#setEntry = this.run(
      `let ${entry}; (work) => { ${entry} = work; }`,
      GUEST_SOURCE,
    ) as (work: () => void) => void;
    this.#entry = new vm.Script(`${entry}()`, { filename: ENTRY_SOURCE });
  }

  /**
   * Runs a script; its value.
   *
   * @throws What it throws, and a `SyntaxError` if it does not compile.
   */
  run(source: string, name: string): unknown {
    const script = new vm.Script(source, {
      filename: name,
      importModuleDynamically: this.#refuseImport,
    });
    return script.runInContext(this.#context, QUIETLY);
  }

  /** Defines a global. */
  define(name: string, value: unknown): void {
    this.#context[name] = value;
  }

  /**
   * Calls `work` in a way that time can end, the jobs of promises afterwards included.
   *
   * @param limitMs How long it may take, in milliseconds; may be Infinity.
   * @throws What `work` throws, or a value of the realm's if the time is up.
   */
  enter(work: () => void, limitMs: number): void {
    this.#setEntry(work);
    const limit = Number.isFinite(limitMs) ? { timeout: limitMs } : {};
    this.#entry.runInContext(this.#context, { ...QUIETLY, ...limit });
  }

  /**
   * Makes a module of the realm; runs nothing of it.
   *
   * @throws A `SyntaxError` if it does not compile.
   */
  newModule({ name, text }: ModuleSource): vm.SourceTextModule {
    return new vm.SourceTextModule(text, {
      context: this.#context,
      identifier: name,
      importModuleDynamically: this.#refuseImport,
    });
  }

  /** Calls a function that was written for the realm, of which it gets the source text. */
  #call<Args extends unknown[], Result>(
    guest: (...args: Args) => Result,
    ...args: Args
  ): Result {
    const callee = this.run(`(${guest})`, GUEST_SOURCE) as typeof guest;
    return callee(...args);
  }

  /** Has a function of the server's leave what it throws as a failure, of which only text goes in. */
  #failing<Fn extends HostFunction>(hostFunction: Fn): Fn {
    const failing: HostFunction = (...args) => {
      try {
        return hostFunction(...args);
      } catch (error) {
        this.#failure = describeFailure(error);
        return undefined;
      }
    };
    return failing as Fn;
  }

  #takeFailure(): string {
    const failure = this.#failure;
    this.#failure = "";
    return failure;
  }
}

function describeFailure(error: unknown): string {
  if (error instanceof MessageError) {
    return `InternalError\nError sending message via JSockD: ${error.message}`;
  }
  return error instanceof Error ? `${error.name}\n${error.message}` : `Error\n${error}`;
}
