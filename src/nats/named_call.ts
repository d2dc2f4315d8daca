/** The call of an export of the module, with the parameter or without. */
export interface NamedCall {
  /** The name of the export. */
  readonly name: string;
  /** Whether the export is called with the parameter. */
  readonly hasParam: boolean;
}

/**
 * An arrow function that only calls one export: `(m, p) => m.name(p)`, `(m) => m.name()`. In
 * parentheses, as the client puts the source of a function. Without a flag, `\w` is ASCII only, and so
 * is every name here. White space can match in one place only, so that no query takes long.
 */
const CALL =
  /^\(?\s*(?:\(\s*([\w$]+)\s*(?:,\s*([\w$]+)\s*)?(?:,\s*)?\)|([\w$]+))\s*=>\s*([\w$]+)\s*\.\s*([\w$]+)\s*\(\s*(?:([\w$]+)\s*)?(?:,\s*)?\)\s*(?:\)\s*)?(?:;\s*)?$/;

/**
 * Returns which export a query calls, if that is all that it does. Only then can it run on a worker
 * that takes no code.
 */
export function toNamedCall(query: string): NamedCall | undefined {
  const match = CALL.exec(query);
  if (match === null) return undefined;
  const [, first, param, only, object, name, argument] = match;
  const module = first ?? only;
  if (module !== object || module === param || name === undefined) return undefined;
  if (/^\d/.test(name)) return undefined;
  if (argument === undefined) return { name, hasParam: false };
  return argument === param ? { name, hasParam: true } : undefined;
}

/** Returns a query that does what the call says. The name may be any text. */
export function queryOf({ name, hasParam }: NamedCall): string {
  return `(module, param) => module[${JSON.stringify(name)}](${hasParam ? "param" : ""})`;
}
