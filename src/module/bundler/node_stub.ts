/**
 * Returns the source text of a CommonJS module in place of a built-in module of Node.js that needs
 * a machine. It has the same functions, which throw, and the same constants.
 *
 * @param name The name of the built-in.
 * @param builtIn The exports of the built-in.
 * @param importer What imports the built-in, for the error messages.
 */
export function nodeStub(name: string, builtIn: unknown, importer: string): string {
  const reason = `: JSockD does not have '${name}' of Node.js, which is imported by ${importer}; ` +
    "do this in your program, and pass the result as the parameter";
  return `const none = (name) => function () {
  throw new Error("Cannot call " + name + "()" + ${JSON.stringify(reason)});
};
module.exports = ${expressionOf(builtIn, name, 0)};`;
}

/** The built-ins have objects in objects, such as `fs.promises.constants`, and also cycles. */
const MAX_DEPTH = 2;

function expressionOf(value: unknown, name: string, depth: number): string {
  switch (typeof value) {
    case "function": {
      const missing = `none(${JSON.stringify(name)})`;
      return depth > 0 ? missing : `Object.assign(${missing}, ${membersOf(value, name, depth)})`;
    }
    case "object":
      if (value === null) return "null";
      return depth > MAX_DEPTH || Array.isArray(value) ? "[]" : membersOf(value, name, depth);
    case "string":
    case "number":
    case "boolean":
      return JSON.stringify(value);
    default:
      return "undefined";
  }
}

function membersOf(value: object, name: string, depth: number): string {
  const members = Object.keys(value).map((key) => {
    const member = (value as Record<string, unknown>)[key];
    return `[${JSON.stringify(key)}]: ${expressionOf(member, `${name}.${key}`, depth + 1)}`;
  });
  return `{ ${members.join(", ")} }`;
}
