/**
 * The script of the worker that removes the sockets of a server when it ends.
 *
 * @module
 */

import { removeSocket } from "./sockets.ts";

/** The part of a worker's global scope that is used here. `self` has the type of a window. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<string[]>) => void) | null;
  postMessage(message: null): void;
}

const scope = self as unknown as WorkerScope;

// The first message says that the worker listens, the second one that the sockets are gone.
scope.onmessage = ({ data }) => {
  data.forEach(removeSocket);
  scope.postMessage(null);
};
scope.postMessage(null);
