/**
 * Renders a page that requests its data while it is rendered. The JavaScript on the server cannot
 * access a database, so it sends messages to this program and waits for the responses.
 *
 *     deno run -A examples/messages.ts [PATH_OF_A_JSOCKD]
 */
import { initJSockDClient } from "@x/jsockd";
import { embeddedServer } from "@x/jsockd/embedded";

interface Book {
  title: string;
  authorId: number;
}

/** The requests that this program responds to. */
type DataRequest = { book: number } | { author: number };

const books: Record<number, Book> = { 7: { title: "Persuasion", authorId: 1 } };
const authors: Record<number, string> = { 1: "Jane Austen" };

// Written as text, because TypeScript does not know the global JSockD, which exists on the server.
const renderBook = `(_, id) => {
  const book = JSockD.sendMessage({ book: id });
  const author = JSockD.sendMessage({ author: book.authorId });
  return "<h1>" + book.title + "</h1><p>by " + author + "</p>";
}`;

await using client = await initJSockDClient({ nThreads: 1 }, Deno.args[0] ?? embeddedServer());

const html = await client.run<string>(renderBook, 7, async (request: DataRequest) => {
  console.log("Requested", request);
  return await load(request);
});
console.log(html);

/** Stands for a query to a database. */
function load(request: DataRequest): Promise<Book | string | undefined> {
  return Promise.resolve(
    "book" in request ? books[request.book] : authors[request.author],
  );
}
