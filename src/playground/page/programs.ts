/** A program to start from. */
export interface ExampleProgram {
  readonly name: string;
  readonly code: string;
  readonly parameter: string;
}

/** The programs to start from. */
export const PROGRAMS: readonly ExampleProgram[] = [
  {
    name: "A page in React",
    parameter: '{ "visitor": "Mary", "books": ["Emma", "Persuasion"] }',
    code: `// A component gets the parameter as its props.
interface Props {
  visitor: string;
  books: string[];
}

export default function Page({ visitor, books }: Props) {
  console.log("Rendering for", visitor);
  return (
    <main style={{ fontFamily: "Georgia, serif", padding: "1rem" }}>
      <h1 style={{ margin: 0 }}>Hello {visitor}</h1>
      <p>You have {books.length} books on loan:</p>
      <ul>
        {books.map((title) => <li key={title}><em>{title}</em></li>)}
      </ul>
    </main>
  );
}
`,
  },
  {
    name: "A rule in JavaScript",
    parameter: '{ "total": 120, "loyal": true }',
    code: `// Any function: its parameter and its result travel as JSON.
export default async function discount({ total, loyal }) {
  const percent = (loyal ? 5 : 0) + (total > 100 ? 10 : 0);
  console.log("Discount:", percent, "%");
  return { percent, pay: total * (1 - percent / 100) };
}
`,
  },
  {
    name: "A message to the client",
    parameter: '"books/7"',
    code: `// The program waits for the answer. This page answers with the message itself.
export default (key) => {
  const answer = JSockD.sendMessage({ load: key });
  return { asked: key, answer };
};
`,
  },
  {
    name: "An exception",
    parameter: '{ "price": "cheap" }',
    code: `// The stack trace names lines of this text, although TSX was compiled.
interface Item {
  price: unknown;
}

function toCents(price: unknown): number {
  if (typeof price !== "number") {
    throw new TypeError(\`Not a price: \${price}\`);
  }
  return Math.round(price * 100);
}

export default function total(item: Item) {
  return toCents(item.price);
}
`,
  },
];

/** A program that never ends. */
export const ENDLESS_LOOP: ExampleProgram = {
  name: "Endless loop",
  parameter: "null",
  code: `// Other commands go on meanwhile: look at the charts.
export default () => {
  console.log("Here we go");
  for (;;);
};
`,
};

/** A program that takes memory without end. */
export const MEMORY_BOMB: ExampleProgram = {
  name: "Memory bomb",
  parameter: "null",
  code: `// 16 MB more in each turn.
export default () => {
  const hoard = [];
  for (;;) hoard.push(new Uint8Array(16e6).fill(1));
};
`,
};
