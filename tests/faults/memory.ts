declare const gc: () => void;

/**
 * Returns the memory in use after a garbage collection. Needs `--v8-flags=--expose-gc`.
 */
export function measureMemory(): Deno.MemoryUsage {
  gc();
  return Deno.memoryUsage();
}
