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
  /**
   * Whose words say what the engine itself finds wrong. Between servers with different engines only
   * the class of such an error is compared.
   */
  readonly engine: "QuickJS" | "V8";
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
  /** Whether a command can be run in globals of its own. jsockd has none to give. */
  readonly isolates: boolean;
  /** Whether commands begin before the answers to those before them are sent. */
  readonly runsAhead: boolean;
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
  /** The programs, by their text, in which it is to be found, if not all. */
  readonly programs?: RegExp;
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
  engine: "QuickJS",
  readingNull: "TypeError: cannot read property 'x' of null",
  stackOverflow: "InternalError: stack overflow",
  lateAnswers: true,
  leakedNumbers: 1_000,
  messageLineSeparator: "\n",
  unreadTrace: "{}",
  largeAnswers: true,
  takesPartForAnswer: true,
  hostModules: true,
  isolates: false,
  runsAhead: false,
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
  isolates: true,
  runsAhead: true,
  moduleVersionPrefix: "embedded-",
  loggedRefusals: "all",
  staleExceptions: false,
  mistakenInterrupts: false,
  erased: [
    {
      reason: "What the server defines in JavaScript has frames of its own.",
      pattern: / {4}at [^(]* \([^)]*<jsockd>[^)]*\)(\\n|\n|$)?/g,
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

/** Frames of a trace, each in a line: in a text of its own, or with an error before them. */
function frames({ source: frame }: RegExp): RegExp {
  return RegExp(
    String.raw`(\n|\\n)(INFO )? {4}at ${frame}|(?<=")( {4}at ${frame}\\n)+`,
    "g",
  );
}

/** Properties that the corpus describes, by what their names may be. */
function properties(names: string): RegExp {
  return RegExp(`"(${names})":"[^"]*",|(,"(${names})":"[^"]*")+(?=})`, "g");
}

/** What is particular to the embedded server on V8. */
export const V8: Differences = {
  ...EMBEDDED,
  placeOfCall: "begin",
  faultsOfText: "none",
  engine: "V8",
  readingNull: "TypeError: Cannot read properties of null (reading 'x')",
  stackOverflow: "RangeError: Maximum call stack size exceeded",
  lateAnswers: false,
  leakedNumbers: 20_000,
  erased: [
    ...EMBEDDED.erased,
    {
      reason: "Places that are nowhere in a function are in no frame.",
      pattern: frames(/<\w+>:\d+:\d+/),
    },
    {
      reason: "V8 has frames for other native functions: none for call and apply, say.",
      pattern: frames(/(?!sendMessage)[^(\n\\]* \(native\)(?=\\n|\n| |"|$)/),
    },
    {
      reason: "Which place in its text a call has is the engine's to say.",
      pattern: /(?<= {4}at [^(\n\\]* \(<\w+>):\d+:\d+(?=\))/g,
    },
    {
      reason: "What is evaluated has no name of its own.",
      pattern: /(?<= {4}at )(<eval>|anonymous)(?= \()/g,
      replacement: "<anonymous>",
    },
    {
      reason: "Constructors that make an error, or begin a class, or are called, are in no frame.",
      pattern: frames(/[^(\n\\]* \([^)]*\)/),
      programs: /\bextends \w*Error\b|\bclass A \{\} A\(\)|\bstatic \{|^\(class|\(class C \{/,
    },
    {
      reason: "The stack of an error comes before its message, and is an accessor.",
      pattern: /"stack",(?=")|,"stack"(?=[\],])|(?<="stack":)"(c function|cw string)[^"]*"/g,
    },
    {
      reason: "An error in JSON does not hold its place.",
      pattern: /,"fileName","lineNumber","columnNumber"/g,
    },
    {
      reason: "The error of Promise.any() has a message.",
      pattern: /(?<=AggregateError): All promises were rejected/g,
    },
    {
      reason: "The text of a native function is in one line, and that of a bound one has no name.",
      pattern: /function [\w ]*\(\) {(\\n *| )\[native code\](\\n| )}/g,
      replacement: "function () { [native code] }",
    },
    {
      reason: "The name of the time zone follows a date.",
      pattern: / \(Coordinated Universal Time\)/g,
    },
    {
      reason: "V8 is newer or older, and has other means of its own.",
      pattern: properties(
        "captureStackTrace|prepareStackTrace|stackTraceLimit|fromAsync|isRawJSON|rawJSON|" +
          "asyncDispose|dispose|Symbol\\(Symbol.dispose\\)|toTemporalInstant|fromBase64|fromHex|" +
          "setFromBase64|setFromHex|toBase64|toHex|columnNumber|lineNumber|fileName|groupBy",
      ),
      programs: /\bglobalThis\.(Error|Array|JSON|Date|Iterator|Symbol|Uint8Array|Function|Set)\b/,
    },
    {
      reason: "V8 keeps what the last match of a pattern was, as it was before the standard.",
      pattern: properties("\\$[&'+_`\\d]|input|lastMatch|lastParen|leftContext|rightContext"),
      programs: /\bglobalThis\.RegExp\b/,
    },
    {
      reason: "A BigInt is written for a locale by a function of its own.",
      pattern: properties("toLocaleString"),
      programs: /\bglobalThis\.BigInt\b/,
    },
    {
      reason: "The length of the empty string that is its prototype cannot be configured.",
      pattern: /(?<="length":")c(?= number 0)/g,
      programs: /\bglobalThis\.String\b/,
    },
    {
      reason: "Accessors that are there for old programs have names.",
      pattern: /(?<=function )(get|set) (arguments|caller|constructor)\/[01]/g,
      replacement: "/0",
      programs: /\bglobalThis\.(Function|Iterator)\b/,
    },
  ],
  incomparable: [
    ...EMBEDDED.incomparable,
    {
      reason: "V8 has Array.fromAsync() and JSON.rawJSON().",
      pattern: /\bArray\.fromAsync\b|\brawJSON\b/,
    },
    {
      reason: "A query may await in an expression, not in statements.",
      pattern: /^await 1; /,
    },
    {
      reason: "An error that is thrown gets no stack if its own has been deleted.",
      pattern: /\bdelete e\.stack\b/,
    },
    {
      reason: "V8 has the locales of Intl.",
      pattern: /\btoLocale\w*String\b|\blocaleCompare\b/,
    },
    {
      reason: "V8 puts the accessors of a literal that begins with a spread object last.",
      pattern: /\(\{ \.\.\.\[[^]{1,400}\bget /,
    },
    {
      reason: "The properties of the language's objects are in another order.",
      pattern: /\bv = [^]*(\bgetPrototypeOf\b|\['(__proto__|constructor)'\])[^]*\bownKeys\b/,
    },
    {
      reason: "A date is a longer text, as the name of its time zone follows.",
      pattern: RegExp(
        /(\$\{|\.call\([^]*)new Date[^]*\bownKeys\b|\.\.\.rest } = Object\(\(`\$\{new Date/.source +
          /|= new Date\([^)]*\);\n[^]*\ba = a \+ b;[^]*\?\.length/.source,
      ),
    },
    {
      reason: "QuickJS takes any number for the new length of a buffer.",
      pattern: /\bresize\.call\b/,
    },
    {
      reason: "QuickJS refuses to write undefined into the markup that it makes.",
      pattern: /\banchor\.call\(/,
    },
    {
      reason: "The stack that is an accessor is described as one.",
      pattern: /\bgetOwnPropertyDescriptors\([^]*\bnew \w*Error\b/,
    },
    {
      reason: "A server on V8 ends when there is no memory left, as for a buffer of 4 GiB.",
      pattern: /\btransfer\w*\.call\([^]*2 \*\* 32/,
    },
    {
      reason: "Another way of sorting shows where a comparison contradicts itself.",
      pattern: /\b(sort|toSorted)\.call\([^]*=>/,
    },
    {
      reason: "V8 lets no more than 2 ** 53 - 1 values be left out or taken.",
      pattern: /\b(take|drop)\.call\([^]*2 \*\* 53/,
    },
    {
      reason: "V8 tells whether the body of a function is one.",
      pattern: /\bFunction\('}, {'\)/,
    },
    {
      reason: "QuickJS finds only the inner one of two labels of a loop.",
      pattern: /"a: (c: )?b: while/,
    },
    {
      reason: "V8 parses 01.a, and lets a call be assigned to until it is.",
      pattern: /"(01\.a|func\(\) = 4)"/,
    },
    {
      reason: "QuickJS does not see that parameters are declared again, or have a reserved name.",
      pattern: /"[^"]*(\(?[[{][ab][\]}]\)?[^"]*\b(let|const) [ab]\b|\bclass (eval|arguments)\b)/,
    },
    {
      reason:
        "QuickJS parses an initializer in catch, and let.a in for; super() costs it its stack.",
      pattern: /"[^"]*(catch \(\[a\] = |for\(let\.a of |\bnew super\(\))/,
    },
  ],
};

/** What is particular to a jsockd that says it has this version. */
export function differencesOf(version: string): Differences {
  return version.startsWith("0.0.") ? JSOCKD_BEFORE_0_1 : JSOCKD;
}
