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
  /**
   * Which column a call has in a trace: where it begins, as on V8, or where its arguments do, as in
   * QuickJS. What the engines themselves say of a place is theirs.
   */
  readonly placeOfCall: "begin" | "arguments";
  /** Whether the place of a fault that `JSON.parse()` finds is a frame. V8 says it in the message. */
  readonly faultsOfText: "frame" | "none";
  /** What reading the property `x` of null says. */
  readonly readingNull: string;
  /** What endless recursion says. */
  readonly stackOverflow: string;
  /**
   * Whether a message's answer may come after the time limit, if the JavaScript has little to do then.
   * V8 is interrupted from outside, wherever it is, so waiting is not exempt.
   */
  readonly lateAnswers: boolean;
  /**
   * How many numbers a command has to leave behind for its runtime to be replaced in 3,000 of them. What
   * V8 still needs is known only after a collection, so small growth is not looked for.
   */
  readonly leakedNumbers: number;
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
  placeOfCall: "arguments",
  faultsOfText: "frame",
  readingNull: "TypeError: cannot read property 'x' of null",
  stackOverflow: "InternalError: stack overflow",
  lateAnswers: true,
  leakedNumbers: 1_000,
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

/** What is particular to the embedded server on V8. */
export const V8: Differences = {
  ...EMBEDDED,
  placeOfCall: "begin",
  faultsOfText: "none",
  readingNull: "TypeError: Cannot read properties of null (reading 'x')",
  stackOverflow: "RangeError: Maximum call stack size exceeded",
  lateAnswers: false,
  leakedNumbers: 20_000,
};

/** What is particular to a jsockd that says it has this version. */
export function differencesOf(version: string): Differences {
  return version.startsWith("0.0.") ? JSOCKD_BEFORE_0_1 : JSOCKD;
}
