/** A command that every server is given, to see whether all say the same of it. */
export interface Program {
  /** Whose difference is likely to have the same cause: the heading it is reported under. */
  readonly kind: string;
  readonly query: string;
  /** JSON, or what is meant not to be; `null` by default. */
  readonly param?: string;
  /** What its messages are answered with, in turn: JSON, or what is meant not to be. Then `null`. */
  readonly answers?: readonly string[];
}

/** Makes programs of one kind from their queries. */
export function programsOf(kind: string, queries: readonly (string | Omit<Program, "kind">)[]) {
  return queries.map((program): Program =>
    typeof program === "string" ? { kind, query: program } : { kind, ...program }
  );
}
