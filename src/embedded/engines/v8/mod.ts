import { withoutWrites } from "../console.ts";
import { type EngineKind, LoadError, MessageError } from "../engine.ts";
import { reportException } from "../exceptions.ts";
import { frameMapper } from "../source_map.ts";
import { readWebStreamsPolyfill } from "../web_streams.ts";
import { compileModule, loadModule } from "./modules.ts";
import { Realm } from "./realm.ts";

/** V8, in the thread of the caller. */
export const v8: EngineKind = {
  async checkModule(module) {
    await compileModule(newRealm(), module);
  },

  async evaluate(code, name, { module, sourceMap }) {
    const realm = newRealm();
    const mapFrame = sourceMap !== undefined && module !== undefined
      ? frameMapper(sourceMap, module.name)
      : undefined;
    if (module !== undefined) realm.define("M", await loadModule(realm, module, mapFrame));
    try {
      return withoutWrites(realm.commands.show(realm.run(code, name)));
    } catch (error) {
      const { raw, pretty } = reportException(withoutWrites(realm.commands.show(error)), mapFrame);
      throw new LoadError(mapFrame === undefined ? raw : pretty.trim());
    }
  },
};

function newRealm(): Realm {
  return new Realm({
    log: (_level, message) => console.error(message),
    sendMessage: () => {
      throw new MessageError("There is no client to answer");
    },
  }, readWebStreamsPolyfill());
}
