/** Bytes that a server writes of which nobody needs any: much more than a pipe holds. */
export const NOISE_BYTES = 4 << 20;
