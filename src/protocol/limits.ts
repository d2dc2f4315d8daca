/** The byte that ends a field: clients start the server with `-b 00`. */
export const SEPARATOR = 0;

/** Bytes of UTF-8 that a field may have: its separator must still fit into 1 MiB. */
export const MAX_FIELD_BYTES = 1_048_575;

/** Bytes of a command's ID that the server keeps; it cuts longer ones. */
export const MAX_ID_BYTES = 32;

/** Sockets, and so threads, that the server can handle; more is undefined behaviour in it. */
export const MAX_THREADS = 256;

/** The answer to a message that the client could not handle, in place of JSON. */
export const INTERNAL_ERROR = "internal_error";
