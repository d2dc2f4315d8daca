import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten-core";
import { installTextCoding } from "../guest/text_coding.ts";
import { callGuest, newHostObject } from "./guest_globals.ts";

/** Keeps the decoders of Deno that do the work of those in QuickJS. */
export interface DecoderStore {
  /** Stores a decoder. Returns a value that stands for it in QuickJS. */
  add(create: () => TextDecoder): QuickJSHandle;
  /** Returns the decoder that a value stands for. */
  get(handle: QuickJSHandle): TextDecoder;
  /** Returns a function that drops the decoders that are added after this call. */
  snapshot(): () => void;
}

/** Returns a store whose decoders are garbage-collected together with those in QuickJS. */
export function referencedDecoders(context: QuickJSContext): DecoderStore {
  return {
    add: (create) => context.newHostRef(create()).handle,
    get: (handle) => context.unwrapHostRef<TextDecoder>(handle),
    snapshot() {
      throw new Error("Cannot restore decoders that QuickJS may have garbage-collected");
    },
  };
}

/** Returns a store that keeps its decoders until it is restored. */
export function countedDecoders(context: QuickJSContext): DecoderStore {
  const decoders: { readonly create: () => TextDecoder; decoder: TextDecoder }[] = [];
  return {
    add(create) {
      decoders.push({ create, decoder: create() });
      return context.newNumber(decoders.length - 1);
    },
    get: (handle) => decoders[context.getNumber(handle)]!.decoder,
    snapshot() {
      const { length } = decoders;
      return () => {
        decoders.length = length;
        // A command may have left a part of a character behind in a decoder of the module.
        for (const entry of decoders) entry.decoder = entry.create();
      };
    },
  };
}

/** Defines `TextEncoder` and `TextDecoder`, which use those of Deno. */
export function defineTextCoding(context: QuickJSContext, decoders: DecoderStore): void {
  const encoder = new TextEncoder();
  using host = newHostObject(context, {
    encode: (json) => {
      const bytes = encoder.encode(JSON.parse(context.getString(json!)));
      return context.newArrayBuffer(bytes.buffer);
    },
    newDecoder: (label, fatal, ignoreBOM) => {
      const encoding = context.getString(label!);
      const options = { fatal: context.dump(fatal!), ignoreBOM: context.dump(ignoreBOM!) };
      return decoders.add(() => new TextDecoder(encoding, options));
    },
    encodingOf: (decoder) => context.newString(decoders.get(decoder!).encoding),
    decode: (decoder, bytes, stream) => {
      using view = context.getArrayBuffer(bytes!);
      const text = decoders.get(decoder!).decode(view.value, { stream: context.dump(stream!) });
      return context.newString(JSON.stringify(text));
    },
  });
  callGuest(context, installTextCoding, host).dispose();
}
