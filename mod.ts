/**
 * Runs JavaScript outside the program's own V8, on JSockD: a multi-threaded QuickJS daemon.
 *
 * @module
 */
export { JSockDClientError, type JSockDErrorCode } from "./src/errors.ts";
