/** The operating system's limit for the path of a Unix socket, in bytes. */
const MAX_PATH_BYTES = Deno.build.os === "linux" ? 107 : 103;

/**
 * Listens on a Unix socket that only this user can connect to. A file at the path is removed first.
 */
export function listen(path: string): Deno.UnixListener {
  const bytes = new TextEncoder().encode(path).length;
  if (bytes > MAX_PATH_BYTES) {
    throw new Error(
      `Cannot listen on ${path}: the path has ${bytes} bytes, the limit of this system is ` +
        `${MAX_PATH_BYTES}; choose a shorter path`,
    );
  }
  removeSocket(path);
  const listener = Deno.listen({ transport: "unix", path });
  Deno.chmodSync(path, 0o600);
  return listener;
}

/** Removes the file of a socket, if it exists. */
export function removeSocket(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
