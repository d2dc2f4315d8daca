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
  /**
   * Whether a frame that is no function's, in a text that does not parse, has a place. Before 0.1 the
   * place stood where the function's name is.
   */
  readonly placesOfNoFunction: boolean;
  /** What stands between the lines of an error's message: before 0.1, nothing. */
  readonly messageLineSeparator: "\n" | "";
  /**
   * What an exception's DATA is when the command was interrupted with so many frames that reading
   * its trace, itself JavaScript past its time, is interrupted too; undefined where it is not.
   */
  readonly unreadTrace: "" | "{}" | undefined;
  /**
   * Whether a message's answer larger than one read of the socket is sure to be taken. Before 0.1
   * the time it may take, once its first part has come, was a thousandth of what was meant; whether
   * all of it comes in one read is chance.
   */
  readonly largeAnswers: boolean;
  /**
   * Whether a first part of an answer that ends in a separator is taken for all of it. The embedded
   * server waits for the second separator: nobody can rely on being misunderstood.
   */
  readonly takesPartForAnswer: boolean;
  /**
   * Whether JavaScript can import `std` and `os`, and so reach files, programs and the process. In
   * the embedded server there is nothing to reach: that is what it is a sandbox for.
   */
  readonly hostModules: boolean;
  /**
   * What a compiled module's version begins with before the server's own. The embedded server's
   * modules hold source, not native bytecode: neither server may load the other's.
   */
  readonly moduleVersionPrefix: "embedded-" | "";
}

const JSOCKD: Differences = {
  signingFlag: "-pk",
  signsStripped: false,
  nativeFrames: true,
  placesOfNoFunction: true,
  messageLineSeparator: "\n",
  unreadTrace: "{}",
  largeAnswers: true,
  takesPartForAnswer: true,
  hostModules: true,
  moduleVersionPrefix: "",
};

const JSOCKD_BEFORE_0_1: Differences = {
  ...JSOCKD,
  signingFlag: "-k",
  signsStripped: true,
  nativeFrames: false,
  placesOfNoFunction: false,
  messageLineSeparator: "",
  unreadTrace: "",
  largeAnswers: false,
};

/** What is particular to the embedded server. */
export const EMBEDDED: Differences = {
  ...JSOCKD,
  signsStripped: true,
  unreadTrace: undefined,
  takesPartForAnswer: false,
  hostModules: false,
  moduleVersionPrefix: "embedded-",
};

/** What is particular to a jsockd that says it has this version. */
export function differencesOf(version: string): Differences {
  return version.startsWith("0.0.") ? JSOCKD_BEFORE_0_1 : JSOCKD;
}
