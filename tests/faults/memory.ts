declare const gc: () => void;

/**
 * The memory in use once there is no garbage in it. Deno must have been started with
 * `--v8-flags=--expose-gc`.
 */
export function measureMemory(): Deno.MemoryUsage {
  gc();
  return Deno.memoryUsage();
}
