/// <reference lib="dom" />
import { javascript } from "@codemirror/lang-javascript";
import { syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { minimalSetup } from "codemirror";
import type { Place, Problem } from "../wire.ts";

const theme = EditorView.theme({
  "&": { maxHeight: "26rem", fontSize: "14px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55", minHeight: "15rem" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": { background: "transparent", color: "var(--muted)", border: "0" },
});

/** The editor of the program. Tab leaves it; Ctrl or Cmd and Enter runs. */
export class Editor {
  readonly #view: EditorView;

  /** Creates the editor in an element. */
  constructor(parent: HTMLElement, onRun: () => void) {
    const state = EditorState.create({
      extensions: [
        Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (onRun(), true) }])),
        minimalSetup,
        lineNumbers(),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({
          "aria-label": "Program, as JavaScript or TSX",
          autocapitalize: "off",
        }),
        javascript({ jsx: true, typescript: true }),
        syntaxHighlighting(classHighlighter),
        theme,
      ],
    });
    this.#view = new EditorView({ state, parent });
  }

  /** The text. */
  get code(): string {
    return this.#view.state.doc.toString();
  }

  set code(code: string) {
    const { length } = this.#view.state.doc;
    this.#view.dispatch({ changes: { from: 0, to: length, insert: code } });
    this.mark([]);
  }

  /** Underlines errors, in place of those before. */
  mark(problems: readonly Problem[]): void {
    const diagnostics = problems.flatMap(({ text, place }): Diagnostic[] => {
      if (place === null) return [];
      const at = this.#offsetOf(place);
      const line = this.#view.state.doc.lineAt(at);
      return [{ from: at, to: Math.max(at, line.to), severity: "error", message: text }];
    });
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
  }

  /** Puts the cursor on a position, and shows it. */
  show(place: Place): void {
    const anchor = this.#offsetOf(place);
    this.#view.dispatch({ selection: { anchor }, scrollIntoView: true });
    this.#view.focus();
  }

  /** The code may have changed since the position was reported. */
  #offsetOf({ line, column }: Place): number {
    const { doc } = this.#view.state;
    const { from, to } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    return Math.min(from + column - 1, to);
  }
}
