/** The byte that ends a field; clients start the server with `-b 00`. */
export const SEPARATOR = 0;

/** The largest number of UTF-8 bytes in a field: field and separator must fit into 1 MiB. */
export const MAX_FIELD_BYTES = 1_048_575;

/** The largest number of bytes in a command's ID; the server cuts off longer ones. */
export const MAX_ID_BYTES = 32;

/**
 * The largest number of threads, each with its socket; more is undefined behaviour in the server.
 */
export const MAX_THREADS = 256;

/** The answer, in place of JSON, to a message that the client could not handle. */
export const INTERNAL_ERROR = "internal_error";
