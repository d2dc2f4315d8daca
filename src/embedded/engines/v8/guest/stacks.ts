/** A call site of V8's stack trace API. */
interface CallSite {
  /** Whether the frame awaits the call above it. */
  isAsync(): boolean;
  getFunctionName(): string | null;
  /** Null or undefined for V8's own functions and for code from `eval()`. */
  getScriptNameOrSourceURL(): string | null | undefined;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
}

/**
 * Makes stack traces have QuickJS's format, without the server's frames. Returns a function that reads
 * the stack trace of an error.
 *
 * Guest code: its source text is evaluated inside the realm, so it must not refer to anything outside
 * itself.
 *
 * @param guest The source name of the server's own JavaScript in the realm.
 * @param entry The source name of the scripts that start commands. All frames below are the server's.
 */
export function installStacks(
  guest: string,
  entry: string,
): (error: object) => string | undefined {
  const { defineProperty, getOwnPropertyDescriptor } = Object;
  const { apply } = Reflect;
  const { startsWith } = String.prototype;
  Error.stackTraceLimit = 50;
  // V8 creates call sites in the server's realm, which commands could reach through a call site's
  // constructor. The setter ignores other functions, as some libraries assign one and must not fail.
  defineProperty(Error, "prepareStackTrace", {
    get: () => format,
    set: () => {},
  });
  const builtin = getOwnPropertyDescriptor(new Error(), "stack")?.get;

  return (error) => {
    const descriptor = getOwnPropertyDescriptor(error, "stack");
    if (descriptor === undefined) return undefined;
    const { value, get } = descriptor;
    const stack = get !== undefined && get === builtin ? apply(get, error, []) : value;
    return typeof stack === "string" ? stack : undefined;
  };

  function format(_error: unknown, sites: readonly CallSite[]): string {
    let stack = "";
    for (let i = 0; i < sites.length; i++) {
      const site = sites[i]!;
      const source = site.getScriptNameOrSourceURL();
      if (source === entry) break;
      if (source === guest && site.getFunctionName() === "sendMessage") {
        stack += "    at sendMessage (native)\n";
        continue;
      }
      if (source && isServerSource(source) || site.isAsync()) continue;
      stack += `    at ${functionName(site)} (${position(site, source)})\n`;
    }
    return stack;
  }

  function functionName(site: CallSite): string {
    const name = site.getFunctionName();
    // V8 gives names to some nameless functions, such as "<anonymous>".
    const isNameless = name === null || name === "eval" || apply(startsWith, name, ["<"]);
    return isNameless ? "<anonymous>" : name;
  }

  function isServerSource(source: string): boolean {
    return source === guest || apply(startsWith, source, ["file:"]) ||
      apply(startsWith, source, ["ext:"]) ||
      apply(startsWith, source, ["node:"]);
  }

  function position(site: CallSite, source: string | null | undefined): string {
    const line = site.getLineNumber();
    if (line === null) return "native";
    return `${source ?? "<input>"}:${line}:${site.getColumnNumber()}`;
  }
}
