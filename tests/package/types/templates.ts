/** The module whose types `with_module.ts` uses. */
export const title = "Greetings";

export function greet(name: string): string {
  return `Hello ${name}`;
}

export function count(names: readonly string[]): Promise<number> {
  return Promise.resolve(names.length);
}
