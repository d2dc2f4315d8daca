/**
 * The built-in modules of Node.js that need nothing but JavaScript, as CommonJS modules on top of
 * packages from npm.
 *
 * Most come from `unenv`. Its `assert`, `buffer`, `events`, `string_decoder` and `util` do not work
 * in a runtime without `btoa`, are classes where packages call functions, or lack most of their
 * functions. So these come from the packages that other bundlers use.
 */
export const NODE_PORTS: Readonly<Record<string, string>> = {
  assert: `module.exports = require("assert");`,
  "assert/strict": `module.exports = require("assert").strict;`,
  async_hooks: fromUnenv("async_hooks"),
  buffer: `module.exports = require("buffer");`,
  events: `module.exports = require("events");`,
  os: fromUnenv("os"),
  path: fromUnenv("path"),
  "path/posix": fromUnenv("path"),
  process: fromUnenv("process"),
  punycode: fromUnenv("punycode"),
  querystring: fromUnenv("querystring"),
  string_decoder: `module.exports = require("string_decoder");`,
  tty: fromUnenv("tty"),
  // Those of unenv need a global URL, and log a warning.
  url: `
const url = require("unenv/node/url").default;
const { Url } = url;
const parse = (source, ...options) => {
  if (source instanceof Url) return source;
  const parsed = new Url();
  parsed.parse(source, ...options);
  return parsed;
};
const toUrl = (source) =>
  typeof source === "string" ? parse(source) : Object.assign(new Url(), source);
const resolveObject = (source, relative) =>
  parse(source, false, true).resolveObject(parse(relative, false, true));
module.exports = {
  ...url,
  format: (source) => toUrl(source).format(),
  parse,
  resolve: (source, relative) => resolveObject(source, relative).format(),
  resolveObject,
};`,
  util: `
const { format, formatWithOptions, inspect, stripVTControlCharacters } =
  require("node-inspect-extracted");
const { isDeepStrictEqual } = require("assert/build/internal/util/comparisons.js");
module.exports = {
  ...require("util"),
  format,
  formatWithOptions,
  inspect,
  isDeepStrictEqual,
  stripVTControlCharacters,
  TextDecoder,
  TextEncoder,
};`,
  "util/types": `module.exports = require("util").types;`,
};

/** The global that `assert` and `util` expect, in front of their code. */
export const PROCESS = `var process = {
  env: {},
  nextTick: (run, ...args) => { Promise.resolve().then(() => run(...args)); },
};
`;

/** A file of each package, as a URL. */
export const NODE_PORT_PACKAGES: Readonly<Record<string, string>> = {
  "assert": import.meta.resolve("assert"),
  "buffer": import.meta.resolve("buffer"),
  "events": import.meta.resolve("events"),
  "node-inspect-extracted": import.meta.resolve("node-inspect-extracted"),
  "string_decoder": import.meta.resolve("string_decoder"),
  "unenv": import.meta.resolve("unenv/package.json"),
  "util": import.meta.resolve("util"),
};

// Never called. Because of these imports, Deno caches the packages together with this file.
const _packages = () => [
  import("assert"),
  import("buffer"),
  import("events"),
  import("node-inspect-extracted"),
  import("string_decoder"),
  import("unenv/node/path"),
  import("util"),
];

function fromUnenv(name: string): string {
  return `module.exports = require("unenv/node/${name}").default;`;
}
