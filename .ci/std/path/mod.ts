// @ts-types="./mod.d.ts"
export {
  basename,
  dirname,
  extname,
  fromFileUrl,
  isAbsolute,
  join,
  resolve,
  toFileUrl,
} from "npm:deno-std@1.4.0/path/mod.js";
