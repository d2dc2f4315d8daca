/** Creates a file atomically: no reader ever sees a part of it. Rejects if the file exists. */
export async function createFile(path: string, text: string, mode: number): Promise<void> {
  await writeBeside(path, text, mode, async (temporary) => {
    await Deno.link(temporary, path);
    await Deno.remove(temporary);
  });
}

/** Creates or replaces a file atomically: no reader ever sees a part of it. */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  await writeBeside(path, content, 0o644, (temporary) => Deno.rename(temporary, path));
}

/** Returns an unused path in the same folder as `path`. */
export function temporaryName(path: string): string {
  return `${path}.${crypto.randomUUID()}.tmp`;
}

/** Removes a file, or a folder with its contents, if it exists. */
export async function removeIfPresent(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Resolves to the bytes of a file, or to undefined if there is no such file. */
export async function readIfPresent(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    // A parent in the path may be a file.
    const isAbsent = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (isAbsent) return undefined;
    throw error;
  }
}

/**
 * Returns whether an error comes from the operating system, which gives it a code such as `ENOENT`.
 */
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
