// @ts-types="./mod.d.ts"
export { dirname, fromFileUrl, isAbsolute, join, resolve } from "npm:deno-std@1.4.0/path/mod.js";
