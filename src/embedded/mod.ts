/**
 * A JSockD server on QuickJS compiled to WebAssembly, for machines that have no jsockd.
 *
 * @module
 */
export {};
