const css = String.raw;

/** The style sheet of the page. */
export const STYLE = css`
  :root {
    color-scheme: light dark;
    --background: light-dark(#f4f5f8, #0d1017);
    --card: light-dark(#ffffff, #161a23);
    --inset: light-dark(#f7f8fa, #10141c);
    --line: light-dark(#d9dde5, #2b313d);
    --text: light-dark(#1a1d24, #e7eaf0);
    --muted: light-dark(#59606d, #9aa3b2);
    --accent: light-dark(#5046e5, #a5a0ff);
    --on-accent: light-dark(#ffffff, #14122e);
    --good: light-dark(#12703c, #56d58d);
    --bad: light-dark(#b42318, #ff8f84);
    --warm: light-dark(#9a5b00, #f0b35a);
    --series-0: light-dark(#2563eb, #6ea8ff);
    --series-1: light-dark(#c2570c, #ffa45c);
    --series-2: light-dark(#0f7f6e, #3fd3bb);
    --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, "DejaVu Sans Mono", monospace;
    font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
  }
  * {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  body {
    margin: 0 auto;
    max-width: 1320px;
    padding: 1.5rem clamp(0.75rem, 2.5vw, 2rem) 3rem;
    background: var(--background);
    color: var(--text);
  }
  header {
    margin-bottom: 1.25rem;
  }
  h1 {
    margin: 0;
    font-size: 1.75rem;
    line-height: 1.2;
    letter-spacing: -0.02em;
  }
  h1 span {
    color: var(--accent);
  }
  header p {
    max-width: 44rem;
    margin: 0.35rem 0 0;
    color: var(--muted);
  }
  #connection:empty {
    display: none;
  }
  #connection {
    color: var(--bad);
    font-weight: 600;
  }
  h2 {
    margin: 0;
    font-size: 1.1rem;
  }
  h3 {
    margin: 1.1rem 0 0.4rem;
    font-size: 0.9rem;
  }
  .muted {
    color: var(--muted);
  }
  .small,
  .muted {
    font-size: 0.85rem;
  }
  main {
    display: grid;
    gap: 1rem;
  }
  .card {
    min-width: 0;
    padding: 1rem;
    border: 1px solid var(--line);
    border-radius: 12px;
    background: var(--card);
  }
  .card-head {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1rem;
    align-items: center;
    justify-content: space-between;
  }
  .card > .card-head:first-child {
    margin-bottom: 0.75rem;
  }
  button,
  select,
  input {
    min-height: 2.5rem;
    padding: 0.35rem 0.75rem;
    border: 1px solid var(--line);
    border-radius: 8px;
    background: var(--inset);
    color: inherit;
    font: inherit;
  }
  button {
    cursor: pointer;
    font-weight: 600;
  }
  button:hover,
  select:hover {
    border-color: var(--muted);
  }
  button:disabled {
    cursor: progress;
    opacity: 0.6;
  }
  .primary {
    border-color: transparent;
    padding-inline: 1.5rem;
    background: var(--accent);
    color: var(--on-accent);
  }
  .primary kbd {
    margin-left: 0.4rem;
    font: 0.8rem var(--mono);
    opacity: 0.85;
  }
  .quiet {
    min-height: 2rem;
    border-color: transparent;
    background: none;
    color: var(--muted);
    font-size: 0.85rem;
  }
  :focus-visible,
  .cm-editor.cm-focused {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .inline {
    color: var(--muted);
    font-size: 0.9rem;
  }
  .inline select {
    margin-left: 0.35rem;
    max-width: 60vw;
    color: var(--text);
  }
  .stacked {
    display: block;
    margin: 0.75rem 0 0.25rem;
    font-size: 0.9rem;
    color: var(--muted);
  }
  .code {
    width: 100%;
    font-family: var(--mono);
  }
  #editor {
    overflow: hidden;
    border: 1px solid var(--line);
    border-radius: 8px;
    background: var(--inset);
  }
  .run-row {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem;
    align-items: end;
    justify-content: space-between;
    margin-top: 0.75rem;
  }
  fieldset {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4rem;
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend {
    padding: 0;
    margin-bottom: 0.25rem;
    color: var(--muted);
    font-size: 0.9rem;
  }
  fieldset label {
    display: flex;
    gap: 0.45rem;
    align-items: center;
    min-height: 2.5rem;
    padding: 0 0.8rem;
    border: 1px solid var(--line);
    border-radius: 8px;
    background: var(--inset);
    cursor: pointer;
  }
  fieldset label:has(:checked) {
    border-color: var(--accent);
    box-shadow: inset 0 0 0 1px var(--accent);
  }
  input[type="radio"] {
    min-height: 0;
    margin: 0;
    accent-color: var(--accent);
  }
  .break {
    display: grid;
    grid-template-columns: repeat(3, 1fr);
    gap: 0.5rem;
  }
  .break button {
    padding: 0.5rem 0.6rem;
    text-align: left;
    line-height: 1.3;
  }
  .break small {
    display: block;
    color: var(--muted);
    font-weight: 400;
  }
  .badge {
    padding: 0.1rem 0.6rem;
    border-radius: 99px;
    border: 1px solid currentColor;
    font-size: 0.8rem;
    font-weight: 600;
  }
  .badge.result {
    color: var(--good);
  }
  .badge.exception,
  .badge.error {
    color: var(--bad);
  }
  #outcome p {
    margin: 0;
  }
  #outcome .message {
    overflow-wrap: anywhere;
    white-space: pre-wrap;
    max-height: 12rem;
    overflow: auto;
    color: var(--bad);
    font: 0.9rem/1.5 var(--mono);
  }
  #times {
    margin-top: 0.75rem;
  }
  .bar {
    display: flex;
    height: 8px;
    overflow: hidden;
    border-radius: 99px;
    background: var(--inset);
  }
  .bar i {
    min-width: 2px;
  }
  .waited {
    background: var(--warm);
  }
  .ran {
    background: var(--accent);
  }
  .key {
    display: inline-block;
    width: 0.65rem;
    height: 0.65rem;
    margin-right: 0.4rem;
    border-radius: 3px;
  }
  dl {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 0.75rem;
    margin: 0.5rem 0 0;
  }
  dt {
    font-size: 0.85rem;
  }
  dd {
    margin: 0;
    font-variant-numeric: tabular-nums;
  }
  #waited,
  #ran {
    font-size: 1.2rem;
    font-weight: 600;
  }
  #times p {
    margin: 0.5rem 0 0;
  }
  iframe {
    display: block;
    width: 100%;
    height: 15rem;
    border: 1px solid var(--line);
    border-radius: 8px;
    background: #fff;
    color-scheme: light;
  }
  pre,
  #console {
    max-height: 13rem;
    margin: 0;
    overflow: auto;
    padding: 0.6rem 0.75rem;
    border: 1px solid var(--line);
    border-radius: 8px;
    background: var(--inset);
    font: 0.85rem/1.5 var(--mono);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  #console {
    min-height: 4.5rem;
    list-style: none;
  }
  #console:empty::before {
    content: "Lines of console, messages, and what happens to the servers.";
    color: var(--muted);
    font-family: system-ui, sans-serif;
  }
  #console li {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 0.6rem;
  }
  #console b {
    color: var(--series);
    font-weight: 600;
  }
  #console .error,
  #console .ERROR {
    color: var(--bad);
  }
  #console .warn,
  #console .WARN {
    color: var(--warm);
  }
  #console .SERVER {
    font-weight: 600;
  }
  #trace ol {
    margin: 0;
    padding: 0;
    list-style: none;
    font: 0.85rem/1.4 var(--mono);
  }
  #trace li {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.75rem;
    align-items: center;
    justify-content: space-between;
    border-top: 1px solid var(--line);
    padding: 0.15rem 0;
  }
  #trace button {
    min-height: 2rem;
    padding: 0 0.5rem;
    font: inherit;
    color: var(--accent);
  }
  table {
    width: 100%;
    border-spacing: 0;
    table-layout: fixed;
  }
  th {
    font-weight: inherit;
    text-align: left;
    vertical-align: top;
  }
  thead th {
    padding: 0.25rem 0.5rem 0.75rem;
  }
  thead .name {
    display: flex;
    gap: 0.5rem;
    align-items: center;
    font-weight: 600;
  }
  .name::before {
    width: 0.7rem;
    height: 0.7rem;
    border-radius: 50%;
    background: var(--series);
    content: "";
  }
  thead button {
    margin-top: 0.35rem;
    min-height: 2.25rem;
    font-size: 0.85rem;
  }
  tbody th,
  tbody td {
    padding: 0.6rem 0.5rem;
    border-top: 1px solid var(--line);
  }
  tbody th b {
    display: block;
    font-weight: 600;
  }
  td .number {
    display: block;
    font-variant-numeric: tabular-nums;
    font-weight: 600;
  }
  td .number small {
    color: var(--muted);
    font-weight: 400;
  }
  .chart {
    height: 56px;
    color: var(--series);
    margin-top: 0.25rem;
    border-bottom: 1px solid var(--line);
  }
  .uplot,
  .u-wrap {
    position: relative;
  }
  .u-over,
  .u-under {
    position: absolute;
  }
  .uplot canvas {
    display: block;
    position: relative;
    width: 100%;
    height: 100%;
  }
  .tok-keyword {
    color: var(--accent);
  }
  .tok-string,
  .tok-string2 {
    color: var(--good);
  }
  .tok-comment {
    color: var(--muted);
    font-style: italic;
  }
  .tok-typeName,
  .tok-className {
    color: var(--series-0);
  }
  .tok-number,
  .tok-bool,
  .tok-atom {
    color: var(--warm);
  }
  @media (min-width: 960px) {
    main {
      grid-template-columns: minmax(0, 1.1fr) minmax(0, 1fr);
    }
    .wide {
      grid-column: 1 / -1;
    }
    table th:first-child {
      width: 11rem;
    }
  }
  @media (max-width: 700px) {
    .primary {
      flex: 1;
    }
    .primary kbd {
      display: none;
    }
    .break {
      grid-template-columns: 1fr;
    }
    .break small {
      display: inline;
      margin-left: 0.5rem;
    }
    table,
    thead,
    tbody {
      display: block;
    }
    tr {
      display: grid;
      grid-template-columns: repeat(var(--servers), minmax(0, 1fr));
    }
    thead th:first-child {
      display: none;
    }
    tbody th {
      grid-column: 1 / -1;
      display: flex;
      gap: 0.5rem;
      align-items: baseline;
      justify-content: space-between;
      padding-bottom: 0;
    }
    tbody td {
      border-top: 0;
      padding-top: 0.25rem;
    }
    td .number {
      font-size: 0.85rem;
    }
  }
`;
