import { type Context, createContext } from "preact";

/**
 * The HTML that JSockD has rendered for the island. It is undefined in the browser: Fresh sends the
 * props of an island but not its contexts, so the HTML is not sent a second time.
 */
export const ServerHtml: Context<string | undefined> = createContext<string | undefined>(undefined);
