/** An option of a command: a switch, or, if it has a `value`, one that takes text or a number. */
export interface Option {
  /** What stands for the value in the help text. */
  readonly value?: string;
  /** The least and the greatest number that it takes; without a range it takes any text. */
  readonly range?: readonly [number, number];
  /** What it is for, in a line. */
  readonly help: string;
}

/** The options of a command, by their names. */
export type Options = Readonly<Record<string, Option>>;

/** What an option can be given, by what it is. */
type ValueOf<Kind extends Option> = Option extends Kind ? string | number | true
  : Kind extends { range: unknown } ? number
  : Kind extends { value: string } ? string
  : true;

/** What is given for each option; undefined for those that are not given. */
export type Values<Table extends Options = Options> = {
  readonly [Name in keyof Table]: ValueOf<Table[Name]> | undefined;
};

/** A command of the program. Reading its arguments and its help text both follow from this. */
export interface Command<Table extends Options = Options> {
  /** What it does, in sentences. */
  readonly description: string;
  /** What it takes beside options, in order, each with what it is; `[NAME]` may be left out. */
  readonly operands: Readonly<Record<string, string>>;
  readonly options: Table;
  /**
   * Does it.
   *
   * @param signal Aborts when the user wants it to end; it must end soon, and leave nothing.
   * @returns The exit status: 0 if it went well.
   */
  run(values: Values<Table>, operands: readonly string[], signal: AbortSignal): Promise<number>;
}

/** Gives the command, whose `run` gets what its own table of options says. */
export function defineCommand<const Table extends Options>(command: Command<Table>): Command {
  return command as Command;
}
