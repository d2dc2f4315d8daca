/** What a client can see that is not the same in every server: all of it is listed here. */
export interface Differences {
  /** How `-c` is given the key it signs with. Before 0.1 it was `-k`, which otherwise makes keys. */
  readonly signingFlag: "-k" | "-pk";
  /** Whether a module can be signed and stripped (`-ss`, `-sd`) at once. 0.1.5 refuses to. */
  readonly signsStripped: boolean;
  /**
   * Whether native functions are frames of a trace. Before 0.1 those below the first other frame
   * were left out, and those above it stood in the error's message.
   */
  readonly nativeFrames: boolean;
  /** What stands between the lines of an error's message: before 0.1, nothing. */
  readonly messageLineSeparator: "\n" | "";
  /**
   * What an exception's DATA is when the command was interrupted with so many frames that reading
   * its trace, itself JavaScript past its time, is interrupted too; undefined where it is not.
   */
  readonly unreadTrace: "" | "{}" | undefined;
  /**
   * Whether a message's answer may be larger than one read of the socket. Before 0.1 the time that
   * the answer may take was a thousandth of what it was meant to be once its first part had come.
   */
  readonly largeAnswers: boolean;
  /**
   * Whether JavaScript can import `std` and `os`, and so reach files, programs and the process. In
   * the embedded server there is nothing to reach: that is what it is a sandbox for.
   */
  readonly hostModules: boolean;
  /**
   * Whether modules hold native bytecode. The embedded server's hold source, and a version that
   * begins with `embedded-`, so that neither server loads the other's.
   */
  readonly bytecode: boolean;
}

const JSOCKD: Differences = {
  signingFlag: "-pk",
  signsStripped: false,
  nativeFrames: true,
  messageLineSeparator: "\n",
  unreadTrace: "{}",
  largeAnswers: true,
  hostModules: true,
  bytecode: true,
};

const JSOCKD_BEFORE_0_1: Differences = {
  ...JSOCKD,
  signingFlag: "-k",
  signsStripped: true,
  nativeFrames: false,
  messageLineSeparator: "",
  unreadTrace: "",
  largeAnswers: false,
};

const EMBEDDED: Differences = {
  ...JSOCKD,
  signsStripped: true,
  unreadTrace: undefined,
  hostModules: false,
  bytecode: false,
};

/** What is particular to the server that says it has this version. */
export function differencesOf(version: string): Differences {
  if (version.startsWith("embedded-")) return EMBEDDED;
  return version.startsWith("0.0.") ? JSOCKD_BEFORE_0_1 : JSOCKD;
}
