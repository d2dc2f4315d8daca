/**
 * A page that fetches its data while it is rendered: the JavaScript on the server reaches nothing,
 * so it asks this program, and waits for the answer.
 *
 *     deno run -A examples/messages.ts [PATH_OF_A_JSOCKD]
 */
import { initJSockDClient } from "@x/jsockd";
import { embeddedServer } from "@x/jsockd/embedded";

interface Book {
  title: string;
  authorId: number;
}

/** What this program answers; the rendering may ask for nothing else. */
type Question = { book: number } | { author: number };

const books: Record<number, Book> = { 7: { title: "Persuasion", authorId: 1 } };
const authors: Record<number, string> = { 1: "Jane Austen" };

// Sent as text, so that the answers need no types: JSockD exists where this runs, not here.
const renderBook = `(_, id) => {
  const book = JSockD.sendMessage({ book: id });
  const author = JSockD.sendMessage({ author: book.authorId });
  return "<h1>" + book.title + "</h1><p>by " + author + "</p>";
}`;

await using client = await initJSockDClient({ nThreads: 1 }, Deno.args[0] ?? embeddedServer());

const html = await client.run<string>(renderBook, 7, async (question: Question) => {
  console.log("Asked for", question);
  return await load(question);
});
console.log(html);

/** Stands for a query to a database. */
function load(question: Question): Promise<Book | string | undefined> {
  return Promise.resolve(
    "book" in question ? books[question.book] : authors[question.author],
  );
}
