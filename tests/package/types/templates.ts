/** A module, as far as `with_module.ts` needs one. */
export const title = "Greetings";

export function greet(name: string): string {
  return `Hello ${name}`;
}

export function count(names: readonly string[]): Promise<number> {
  return Promise.resolve(names.length);
}
