// @ts-types="./debounce.d.ts"
export { debounce } from "npm:deno-std@1.4.0/async/debounce.js";
