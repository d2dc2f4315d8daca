import { type Context, createContext } from "preact";

/**
 * The HTML that JSockD rendered for the island inside. Nothing provides it in the browser: Fresh
 * sends an island's properties along, but no contexts, and so the HTML is sent once and not twice.
 */
export const ServerHtml: Context<string | undefined> = createContext<string | undefined>(undefined);
