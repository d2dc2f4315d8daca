/** What V8 tells of a call. */
interface CallSite {
  /** Whether it is not a call, but what awaits one. */
  isAsync(): boolean;
  getFunctionName(): string | null;
  /** Nothing for V8's own functions, and for what is evaluated. */
  getScriptNameOrSourceURL(): string | null | undefined;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
}

/**
 * Has errors hold their stack as QuickJS writes it, without the server's own calls, and returns what
 * reads it. It runs inside the realm, which gets its source text: it can refer to nothing outside itself.
 *
 * @param guest The source name of what the server runs in the realm.
 * @param entry The source name of what calls commands: below it there are only calls of the server's.
 */
export function installStacks(
  guest: string,
  entry: string,
): (error: object) => string | undefined {
  const { defineProperty, getOwnPropertyDescriptor } = Object;
  const { apply } = Reflect;
  const { startsWith } = String.prototype;
  Error.stackTraceLimit = 50;
  // V8 makes call sites in the server's realm, and through their constructor all of it could be
  // reached. So nobody else gets any; a library that wants them is let go on without.
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
      if (source && isServers(source) || site.isAsync()) continue;
      stack += `    at ${nameOf(site)} (${placeOf(site, source)})\n`;
    }
    return stack;
  }

  function nameOf(site: CallSite): string {
    const name = site.getFunctionName();
    // V8 has names for things that have none.
    const isNameless = name === null || name === "eval" || apply(startsWith, name, ["<"]);
    return isNameless ? "<anonymous>" : name;
  }

  function isServers(source: string): boolean {
    return source === guest || apply(startsWith, source, ["file:"]) ||
      apply(startsWith, source, ["ext:"]) ||
      apply(startsWith, source, ["node:"]);
  }

  function placeOf(site: CallSite, source: string | null | undefined): string {
    const line = site.getLineNumber();
    if (line === null) return "native";
    return `${source ?? "<input>"}:${line}:${site.getColumnNumber()}`;
  }
}
