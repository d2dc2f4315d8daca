/** Runs a function, and resolves to what it wrote with `console.error`, a text for each call. */
export async function logged(run: () => Promise<unknown>): Promise<string[]> {
  const texts: string[] = [];
  const original = console.error;
  console.error = (...values: unknown[]) => texts.push(values.join(" "));
  try {
    await run();
  } finally {
    console.error = original;
  }
  return texts;
}
