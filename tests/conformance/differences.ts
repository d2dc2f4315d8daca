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
  /**
   * Of which refused commands the log says why: of all, of those that are no JavaScript, or of none.
   * jsockd says `exception` in place of the error, or nothing.
   */
  readonly loggedRefusals: "all" | "of syntax" | "none";
  /**
   * Whether a promise that never settles gives whatever the runtime threw last, as in jsockd. The
   * embedded server always says `uninitialized`.
   */
  readonly staleExceptions: boolean;
  /**
   * Whether a command may, once in ten thousand times, be interrupted for having run for centuries, as
   * in 0.1.5.
   */
  readonly mistakenInterrupts: boolean;
  /** What no other server can be held to in whatever it says: it is left out, or replaced. */
  readonly erased: readonly Unlike[];
  /** The programs, by their text, of which no other server need say the same. */
  readonly incomparable: readonly Unlike[];
}

/** Something particular to a server that only shows in what programs do. */
export interface Unlike {
  readonly reason: string;
  readonly pattern: RegExp;
  /** What comes in its place, if not nothing. */
  readonly replacement?: string;
}

/** Not so before 0.1. */
const NEWER_QUICKJS: Unlike = {
  reason: "QuickJS is newer: it has JSON.rawJSON, hex and base 64 of Uint8Array, and 01.a parses.",
  pattern: /rawJSON|globalThis\.(JSON|Uint8Array)\b|"01\.a"/,
};

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
  loggedRefusals: "of syntax",
  staleExceptions: true,
  mistakenInterrupts: true,
  erased: [
    {
      reason: "Frames of the Web Streams have the path of the source that jsockd was built from.",
      pattern: / {4}at [^(]* \([^)]*shims\/bundle\.mjs[^)]*\)(\\n|$)?/g,
    },
    {
      reason: "What is a native function in jsockd may be JavaScript in another server.",
      pattern:
        / {4}at (Text(En|De)coder|encode|encodeInto|decode|JSockD|add|load|wait) \(native\)(\\n|$)?/g,
    },
    {
      reason:
        "The flag v is shown of a regular expression that has named groups, not of one with v.",
      pattern: /(?<=\/[dgimsuy]*)v\b/g,
    },
    {
      reason: "A TextEncoder is shown with a name of its class that is none.",
      pattern: /<null> (?={)/g,
    },
    {
      reason: "A TextDecoder is of a class of its own.",
      pattern: /TextDecoder (?={)/g,
    },
    {
      reason: "The same, deep in another value.",
      pattern: /\[(<null>|TextDecoder)\]/g,
      replacement: "[Object]",
    },
  ],
  incomparable: [
    NEWER_QUICKJS,
    {
      reason: "One less than a BigInt of more than 64 bits is 2 ** 32 - 1 more than it.",
      pattern: /--[ab]\b|\b[ab]--/,
    },
    {
      reason: "The Web Streams are of an older version.",
      pattern: /globalThis\.(Readable|Writable|Transform|Byte|Count)\w+/,
    },
  ],
};

const JSOCKD_BEFORE_0_1: Differences = {
  ...JSOCKD,
  incomparable: JSOCKD.incomparable.filter((unlike) => unlike !== NEWER_QUICKJS),
  signingFlag: "-k",
  signsStripped: true,
  nativeFrames: false,
  placesOfNoFunction: false,
  messageLineSeparator: "",
  unreadTrace: "",
  largeAnswers: false,
  loggedRefusals: "none",
  mistakenInterrupts: false,
};

/** What is particular to the embedded server. */
export const EMBEDDED: Differences = {
  ...JSOCKD,
  signsStripped: true,
  unreadTrace: undefined,
  takesPartForAnswer: false,
  hostModules: false,
  moduleVersionPrefix: "embedded-",
  loggedRefusals: "all",
  staleExceptions: false,
  mistakenInterrupts: false,
  erased: [
    {
      reason: "What the server defines in JavaScript has frames of its own.",
      pattern: / {4}at [^(]* \([^)]*<jsockd>[^)]*\)(\\n|$)?/g,
    },
    {
      reason: "Half of a surrogate pair is one replacement character in the log, which is UTF-8.",
      pattern: /\ufffd+/g,
      replacement: "\ufffd",
    },
  ],
  incomparable: [
    {
      reason: "JavaScript, by which the server shows values, cannot tell a proxy from its target.",
      pattern: /(throw|console).*\bProxy\b/s,
    },
    {
      reason:
        "It cannot tell in which order the keys of an object came that are numbers or symbols.",
      pattern: /(throw|console).*({ 1: 1, 0: 2 }|{ length: 2, 0: |{ \[Symbol\(\)\]: 1)/s,
    },
    {
      reason: "It does not see private fields.",
      pattern: /(throw|console).* #/s,
    },
    {
      reason: "Native functions that call each other without end cost the runtime: V8 stops them.",
      pattern: /a\.push\(a\).*String\(v\)/s,
    },
    {
      reason: "The C library is another: the last digit of what it computes may differ.",
      pattern:
        /Math\.(a?cosh?|a?sinh?|a?tanh?|atan2|cbrt|exp|expm1|hypot|log|log1p|log2|log10|pow)\b/,
    },
    {
      reason:
        "The text coders are those of the standard: they know all encodings, and their messages.",
      pattern: /TextDecoder\('|TextEncoder\(\);|encodeInto\('a'\)|TextDecoder\(\)\.decode\(1/,
    },
    {
      reason: "The text coders are JavaScript, whose source text can be seen.",
      pattern: /(String|globalThis).*\bText(En|De)coder\b|Text(En|De)coder\].*String/s,
    },
  ],
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
