/** How `withModule` types the exports of a module. Only its types are checked. */
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

// @ts-expect-error -- it greets by name, not by number
templates.run((module, name) => module.greet(name), 41);
// @ts-expect-error -- the module has no such export
templates.run((module, name: string) => module.dismiss(name), "World");
// @ts-expect-error -- there is nobody to greet
templates.run((module, name: string) => module.greet(name));
// @ts-expect-error -- one of them has no name
templates.runAll((module, name: string) => module.greet(name), ["World", 41]);
// @ts-expect-error -- a command of the module without its exports
templates.run((module: { dismiss(): void }) => module.dismiss());
