/** Tests the types of a client returned by `withModule`. This file is type-checked, never run. */
import type { JSockDClient, ModuleClient, PreparedCommand } from "@x/jsockd";
import { expectTypeOf } from "expect-type";

type Templates = typeof import("./templates.ts");
declare const client: JSockDClient;
const templates = client.withModule<Templates>();

expectTypeOf(templates).toEqualTypeOf<ModuleClient<Templates>>();
expectTypeOf(templates.run((module, name) => module.greet(name), "World"))
  .toEqualTypeOf<Promise<string>>();
expectTypeOf(templates.run((module, names) => module.count(names), ["World"]))
  .toEqualTypeOf<Promise<number>>();
expectTypeOf(templates.run((module) => module.title)).toEqualTypeOf<Promise<string>>();
expectTypeOf(templates.run("(module) => module.title")).toEqualTypeOf<Promise<unknown>>();
expectTypeOf(templates.command((module, name: string) => module.greet(name)))
  .toEqualTypeOf<PreparedCommand<string, string>>();
expectTypeOf(templates.runAll((module, name) => module.greet(name), ["World"]))
  .toEqualTypeOf<Promise<string[]>>();

// @ts-expect-error -- the name must be text
templates.run((module, name) => module.greet(name), 41);
// @ts-expect-error -- the module has no such export
templates.run((module, name: string) => module.dismiss(name), "World");
// @ts-expect-error -- the parameter is missing
templates.run((module, name: string) => module.greet(name));
// @ts-expect-error -- one of the names is not text
templates.runAll((module, name: string) => module.greet(name), ["World", 41]);
// @ts-expect-error -- the module lacks an export that the function expects
templates.run((module: { dismiss(): void }) => module.dismiss());
