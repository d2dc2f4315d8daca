/**
 * Checks that an island's props are JSON, as JSockD and the browser both get them.
 *
 * @throws {TypeError} The first prop that is not, and what it is.
 */
export function checkProps(props: object): void {
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined) continue;
    const problem = key === "children" ? "children" : problemOf(value, new Set());
    if (problem === undefined) continue;
    throw new TypeError(
      `its prop '${key}' has ${problem}. Props of an island that JSockD renders must be JSON`,
    );
  }
}

function problemOf(value: unknown, around: ReadonlySet<object>): string | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : String(value);
  if (typeof value !== "object") return `a value of type ${typeof value}`;
  if (around.has(value)) return "a cycle";
  const inside = new Set(around).add(value);
  if (Array.isArray(value)) return firstProblem(value, inside);
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) {
    return `an object of class ${prototype.constructor?.name ?? "unknown"}`;
  }
  return firstProblem(Object.values(value).filter((item) => item !== undefined), inside);
}

function firstProblem(values: readonly unknown[], around: ReadonlySet<object>) {
  for (const value of values) {
    const problem = problemOf(value, around);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
