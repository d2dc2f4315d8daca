/** The number of bytes of useless output: much more than a pipe holds. */
export const NOISE_BYTES = 4 << 20;
