/**
 * Returns what shows a value whatever becomes of it. It runs inside the realm, which gets its source
 * text: it can refer to nothing outside itself.
 *
 * @param inspect Shows a value. It is JavaScript, and a proxy can have it throw.
 */
export function makeShow(inspect: (value: unknown) => string): (value: unknown) => string {
  return (value) => {
    try {
      return inspect(value);
    } catch {
      // As QuickJS says of what it cannot show, for want of room as well.
      return "exception";
    }
  };
}
