/**
 * Returns the module that JSockD runs: it renders the islands of some files by their names.
 *
 * A mistake in one island must not keep the others from being rendered, so it is thrown when that
 * island is.
 *
 * @param files The paths of the islands' files, relative to the application's folder.
 */
export function entryText(files: readonly string[]): string {
  const imports = files.map((file, index) =>
    `import * as file${index} from ${JSON.stringify(`../${file}`)};`
  );
  const adds = files.map((file, index) => `add(${JSON.stringify(file)}, file${index});`);
  return `\
import { h } from "preact";
import { renderToString } from "npm:preact-render-to-string@^6.6.3";
${imports.join("\n")}

const islands = new Map();

function add(file, exports) {
  for (const value of Object.values(exports)) {
    const island = value?.[Symbol.for("@x/jsockd/fresh island")];
    if (island === undefined) continue;
    const other = islands.get(island.name);
    if (other !== undefined && other.component !== island.component) {
      other.problem = \`Two islands are named '\${island.name}', in \${other.file} and \${file}\`;
    } else islands.set(island.name, { component: island.component, file });
  }
}

${adds.join("\n")}

export function render(name, props) {
  const island = islands.get(name);
  if (island === undefined) {
    throw new Error(
      "There is no such island in the build. Export it from a file in 'islands' or '(_islands)' " +
        "that calls jsockdIsland(), and build again",
    );
  }
  if (island.problem !== undefined) throw new Error(island.problem);
  return renderToString(h(island.component, props));
}
`;
}
