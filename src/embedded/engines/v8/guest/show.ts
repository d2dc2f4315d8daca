/**
 * Creates a function that formats any value and never throws.
 *
 * Guest code: its source text is evaluated inside the realm, so it must not refer to anything outside
 * itself.
 *
 * @param inspect Formats a value. Throws if a trap of a proxy throws.
 */
export function makeShow(inspect: (value: unknown) => string): (value: unknown) => string {
  return (value) => {
    try {
      return inspect(value);
    } catch {
      // QuickJS writes this for a value that it cannot format, also when the stack overflows.
      return "exception";
    }
  };
}
