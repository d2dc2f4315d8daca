/** An option of a command: a switch, or, if it has a `value`, one that takes text or a number. */
export interface Option {
  /** The placeholder of the value in the help text. */
  readonly value?: string;
  /** The smallest and the largest number allowed. Without a range, any text is allowed. */
  readonly range?: readonly [min: number, max: number];
  /** The purpose of the option, in one line. */
  readonly help: string;
}

/** The options of a command, by name. */
export type Options = Readonly<Record<string, Option>>;

/** The type of an option's value. */
type ValueOf<Kind extends Option> = Option extends Kind ? string | number | true
  : Kind extends { range: unknown } ? number
  : Kind extends { value: string } ? string
  : true;

/** The values of options, by name; undefined for those that are not given. */
export type Values<Table extends Options = Options> = {
  readonly [Name in keyof Table]: ValueOf<Table[Name]> | undefined;
};

/** A command of the program. Its arguments are parsed, and its help text is written, from this. */
export interface Command<Table extends Options = Options> {
  /** What the command does, in sentences. */
  readonly description: string;
  /** Help texts of the arguments that are not options, in order; `[NAME]` is optional. */
  readonly operands: Readonly<Record<string, string>>;
  readonly options: Table;
  /**
   * Runs the command.
   *
   * @param signal Aborts when the user interrupts the program. The command must then clean up and
   * end.
   * @returns The exit code: 0 for success.
   */
  run(values: Values<Table>, operands: readonly string[], signal: AbortSignal): Promise<number>;
}

/** Returns the command. Infers the types of the values that `run` gets from its options. */
export function defineCommand<const Table extends Options>(command: Command<Table>): Command {
  return command as Command;
}
