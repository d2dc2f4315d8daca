import { createTarDecoder, type ParsedTarEntry } from "npm:modern-tar@0.8.6";

export interface OldStyleFormat {
  name: string;
  mode: number;
  uid: number;
  gid: number;
  size: number;
  mtime: number;
  typeflag: string;
  linkname: string;
}

export interface PosixUstarFormat extends OldStyleFormat {
  magic: string;
  version: string;
  uname: string;
  gname: string;
  devmajor: string;
  devminor: string;
  prefix: string;
}

export interface TarStreamEntry {
  header: OldStyleFormat | PosixUstarFormat;
  path: string;
  readable?: ReadableStream<Uint8Array<ArrayBuffer>>;
}

const TYPEFLAGS = {
  "file": "0",
  "link": "1",
  "symlink": "2",
  "character-device": "3",
  "block-device": "4",
  "directory": "5",
  "fifo": "6",
} as Record<string, string | undefined>;

export class UntarStream implements TransformStream<Uint8Array<ArrayBuffer>, TarStreamEntry> {
  readonly readable: ReadableStream<TarStreamEntry>;
  readonly writable: WritableStream<Uint8Array<ArrayBuffer>>;

  constructor() {
    const { readable, writable } = createTarDecoder({ strict: true });
    this.readable = ReadableStream.from(toEntries(readable));
    this.writable = writable;
  }
}

async function* toEntries(
  entries: ReadableStream<ParsedTarEntry>,
): AsyncGenerator<TarStreamEntry> {
  for await (const { header, body } of entries) {
    const typeflag = TYPEFLAGS[header.type ?? "file"] ?? "";
    const entry: TarStreamEntry = {
      path: header.name,
      header: {
        name: header.name,
        mode: header.mode ?? 0,
        uid: header.uid ?? 0,
        gid: header.gid ?? 0,
        size: header.size,
        mtime: (header.mtime?.getTime() ?? 0) / 1000,
        typeflag,
        linkname: header.linkname ?? "",
      },
    };
    // As in `@std/tar`, only files have content.
    if (typeflag === "0") {
      entry.readable = body as ReadableStream<Uint8Array<ArrayBuffer>>;
    } else await body.cancel();
    yield entry;
  }
}
