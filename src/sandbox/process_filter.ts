/** Codes of the instructions of a seccomp filter. */
const LOAD = 0x20;
const IF_EQUAL = 0x15;
const IF_AT_LEAST = 0x35;
const IF_ANY_BIT = 0x45;
const RETURN = 0x06;

/** What becomes of a system call. */
const ALLOW = 0x7fff_0000;
const KILL_PROCESS = 0x8000_0000;
/** "Not permitted". */
const EPERM = 0x0005_0001;
/** "Not implemented": the C library then falls back to `clone`, whose flags a filter can see. */
const ENOSYS = 0x0005_0026;

/** Where the kernel puts what it knows of a system call. */
const NUMBER_AT = 0;
const ARCHITECTURE_AT = 4;
const FIRST_ARGUMENT_AT = 16;

const CLONE_THREAD = 0x1_0000;
const CLONE3 = 435;
/** From here on, x86-64 has the calls of a second interface. */
const X32_CALLS = 0x4000_0000;

const SYSTEMS = {
  // fork, vfork, ptrace, unshare, setns, process_vm_writev
  x86_64: { audit: 0xc000_003e, clone: 56, forbidden: [57, 58, 101, 272, 308, 311] },
  // ptrace, unshare, setns, process_vm_writev
  aarch64: { audit: 0xc000_00b7, clone: 220, forbidden: [117, 97, 268, 271] },
};

type Instruction = readonly [code: number, skipIfTrue: number, skipIfFalse: number, value: number];

/**
 * Returns a seccomp filter with which a process can create threads, but no processes or namespaces,
 * and not change other processes.
 */
export function processFilter(arch: typeof Deno.build.arch): Uint8Array<ArrayBuffer> {
  const { audit, clone, forbidden } = SYSTEMS[arch];
  return encode([
    [LOAD, 0, 0, ARCHITECTURE_AT],
    [IF_EQUAL, 1, 0, audit],
    [RETURN, 0, 0, KILL_PROCESS],
    [LOAD, 0, 0, NUMBER_AT],
    [IF_AT_LEAST, 0, 1, X32_CALLS],
    [RETURN, 0, 0, EPERM],
    ...forbidden.flatMap((call) => returnIf(call, EPERM)),
    ...returnIf(CLONE3, ENOSYS),
    [IF_EQUAL, 0, 3, clone],
    [LOAD, 0, 0, FIRST_ARGUMENT_AT],
    [IF_ANY_BIT, 1, 0, CLONE_THREAD],
    [RETURN, 0, 0, EPERM],
    [RETURN, 0, 0, ALLOW],
  ]);
}

function returnIf(call: number, result: number): Instruction[] {
  return [[IF_EQUAL, 0, 1, call], [RETURN, 0, 0, result]];
}

function encode(program: readonly Instruction[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(program.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [i, [code, skipIfTrue, skipIfFalse, value]] of program.entries()) {
    view.setUint16(i * 8, code, true);
    view.setUint8(i * 8 + 2, skipIfTrue);
    view.setUint8(i * 8 + 3, skipIfFalse);
    view.setUint32(i * 8 + 4, value, true);
  }
  return bytes;
}
