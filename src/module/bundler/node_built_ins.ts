import { createRequire, isBuiltin } from "node:module";
import process from "node:process";
import { fromFileUrl, relative } from "@std/path";
import type { OnLoadResult, OnResolveResult } from "esbuild";
import { NODE_PORT_PACKAGES, NODE_PORTS, PROCESS } from "./node_ports.ts";
import { nodeStub } from "./node_stub.ts";
import { type NpmPackages, splitSpecifier } from "./npm_packages.ts";

/** The esbuild namespace of modules in place of the built-ins of Node.js. */
export const NODE = "node";

/** A built-in, and what imports it if that matters. */
interface BuiltIn {
  readonly name: string;
  readonly importer?: string;
}

/** Returns whether a specifier names a built-in module of Node.js, with or without `node:`. */
export function isNodeBuiltIn(specifier: string): boolean {
  return isBuiltin(specifier);
}

/**
 * Puts other modules in place of the built-ins of Node.js: those that need nothing but JavaScript
 * work, and the functions of the others throw.
 */
export class NodeBuiltIns {
  /** The modules of the namespace, and the files of the packages that they are made of. */
  readonly #files = new Set<string>();
  readonly #packages: NpmPackages;
  readonly #folder: string;

  /**
   * @param packages The packages of the module graph.
   * @param folder The folder that the names of the project's files are relative to.
   */
  constructor(packages: NpmPackages, folder: string) {
    this.#packages = packages;
    this.#folder = folder;
  }

  /** Resolves a built-in that a file imports. */
  resolve(specifier: string, file: string): OnResolveResult {
    const name = specifier.replace(/^node:/, "");
    const works = Object.hasOwn(NODE_PORTS, name);
    const builtIn: BuiltIn = works ? { name } : { name, importer: this.#nameOf(file) };
    // Errors name the importer, so each importer has a module of its own.
    const path = works ? name : `${name} for ${builtIn.importer}`;
    return { ...this.own(path), namespace: NODE, pluginData: builtIn };
  }

  /** Loads what {@linkcode resolve} has resolved to. */
  load({ name, importer }: BuiltIn): OnLoadResult {
    const contents = importer === undefined
      ? NODE_PORTS[name]!
      : nodeStub(name, process.getBuiltinModule(name), importer);
    return { contents, loader: "js" };
  }

  /** Returns the text of a file that a built-in is made of. */
  adapt(path: string, bytes: Uint8Array): string {
    const text = new TextDecoder().decode(bytes);
    // The files of unenv, which import `process`, end in `.mjs`.
    return path.endsWith(".js") && /\bprocess\./.test(text) ? PROCESS + text : text;
  }

  /** Resolves an import, in a module of the namespace, of one of this package's dependencies. */
  resolveDependency(specifier: string): OnResolveResult {
    const { name, subpath } = splitSpecifier(specifier);
    const file = NODE_PORT_PACKAGES[name]!;
    // `require` would resolve the name of a built-in to that.
    return this.own(subpath === "" ? fromFileUrl(file) : createRequire(file).resolve(specifier));
  }

  /** Returns whether a module is put in place of a built-in, or is part of one. */
  has(path: string): boolean {
    return this.#files.has(path);
  }

  /** Resolves a bare specifier in such a file. */
  resolveFrom(importer: string, specifier: string): OnResolveResult {
    // Not the built-in of that name, which would import itself through its packages.
    if (Object.hasOwn(NODE_PORT_PACKAGES, specifier)) return this.resolveDependency(specifier);
    return isNodeBuiltIn(specifier)
      ? this.resolve(specifier, importer)
      : this.own(createRequire(importer).resolve(specifier));
  }

  /** Takes note that a module is part of a built-in. */
  own(path: string): OnResolveResult {
    this.#files.add(path);
    return { path, sideEffects: false };
  }

  #nameOf(file: string): string {
    const isRemote = /^https?:/.test(file);
    return this.#packages.nameOf(file) ?? (isRemote ? file : relative(this.#folder, file));
  }
}
