/** What V8 tells of a call. */
interface CallSite {
  getFunctionName(): string | null;
  getScriptNameOrSourceURL(): string | null;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
}

/**
 * Has errors hold their stack as QuickJS writes it, without the server's own calls, and returns what
 * reads it. It runs inside the realm, which gets its source text: it can refer to nothing outside itself.
 *
 * @param entry The source name of what calls commands: below it there are only calls of the server's.
 */
export function installStacks(entry: string): (error: object) => string | undefined {
  const { defineProperty, getOwnPropertyDescriptor } = Object;
  const { apply } = Reflect;
  const { startsWith } = String.prototype;
  Error.stackTraceLimit = 50;
  defineProperty(Error, "prepareStackTrace", {
    value: (_error: unknown, sites: readonly CallSite[]) => {
      let stack = "";
      for (let i = 0; i < sites.length; i++) {
        const site = sites[i]!;
        const source = site.getScriptNameOrSourceURL();
        if (source === entry) break;
        if (source !== null && isServers(source)) continue;
        stack += `    at ${site.getFunctionName() ?? "<anonymous>"} (${placeOf(site, source)})\n`;
      }
      return stack;
    },
    writable: true,
    configurable: true,
  });
  const builtin = getOwnPropertyDescriptor(new Error(), "stack")?.get;

  return (error) => {
    const descriptor = getOwnPropertyDescriptor(error, "stack");
    if (descriptor === undefined) return undefined;
    const { value, get } = descriptor;
    const stack = get !== undefined && get === builtin ? apply(get, error, []) : value;
    return typeof stack === "string" ? stack : undefined;
  };

  function isServers(source: string): boolean {
    return apply(startsWith, source, ["file:"]) || apply(startsWith, source, ["ext:"]) ||
      apply(startsWith, source, ["node:"]);
  }

  function placeOf(site: CallSite, source: string | null): string {
    const line = site.getLineNumber();
    if (line === null) return "native";
    return `${source ?? "<input>"}:${line}:${site.getColumnNumber()}`;
  }
}
