// Prints the interval of the meter, the size of this process, and that of a process that does not exist.
import { findSizeMeter } from "../../src/server/resident_size.ts";

try {
  const { intervalMs, measure } = await findSizeMeter();
  console.log(intervalMs, await measure(Deno.pid), await measure(2 ** 30));
} catch (error) {
  console.log((error as Error).name);
}
