/** Writes a file whose name is still free, the whole of it at once: nobody ever reads a part. */
export async function createFile(path: string, text: string, mode: number): Promise<void> {
  await writeBeside(path, text, mode, async (temporary) => {
    await Deno.link(temporary, path);
    await Deno.remove(temporary);
  });
}

/** Writes a file, or replaces it, the whole of it at once: nobody ever reads a part. */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  await writeBeside(path, content, 0o644, (temporary) => Deno.rename(temporary, path));
}

/** A name beside a path that nothing else has. */
export function temporaryName(path: string): string {
  return `${path}.${crypto.randomUUID()}.tmp`;
}

/** Removes a file, or a folder and all that is in it, if there is one. */
export async function removeIfPresent(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Reads a file; undefined if there is none. */
export async function readIfPresent(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    // Where a folder is looked for there may be a file.
    const isAbsent = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (isAbsent) return undefined;
    throw error;
  }
}

/** Whether an error is of the operating system: those have its code. */
export function isFileError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && typeof error.code === "string" &&
    /^E[A-Z0-9]+$/.test(error.code);
}

async function writeBeside(
  path: string,
  content: string | Uint8Array,
  mode: number,
  settle: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = temporaryName(path);
  try {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(temporary, bytes, { createNew: true, mode });
    await settle(temporary);
  } catch (error) {
    await removeIfPresent(temporary);
    throw error;
  }
}
