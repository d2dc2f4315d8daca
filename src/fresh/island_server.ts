/** The key of the global that renders islands, in the process that serves the application. */
export const SERVER: unique symbol = Symbol.for("@x/jsockd/fresh server");

/** The key of what JSockD runs, in the component that an island's file exports. */
export const ISLAND: unique symbol = Symbol.for("@x/jsockd/fresh island");

/** Renders islands during a request. */
export interface IslandServer {
  /**
   * Starts to render an island.
   *
   * @returns The text of the comments around its place, or undefined outside of a request.
   */
  begin(name: string, props: object): string | undefined;
}
