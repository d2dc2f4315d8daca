/** Loads the reviews of a book. Stands in for your database. */
export function loadReviews(book: string): Promise<readonly string[]> {
  return Promise.resolve([`${book} is short & sweet.`, "I read it twice."]);
}
