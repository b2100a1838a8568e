/** The one store of a test's Dimmer: definitions in memory, some of whose flags are forced. */
import { isDeepStrictEqual } from "node:util";
import type { CompiledFlagSet } from "@dimmer/engine";
import type { Flag, FlagDefinitions, FlagValue } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import type { StoreListener, StoreReader } from "@dimmer/stores";
import { compileDefinitions } from "../compile-definitions.ts";

const name = "test";

export class TestFlags {
  readonly #definitions: FlagDefinitions;
  readonly #forced = new Map<string, Flag>();
  #listener: StoreListener | undefined;
  #compiled: CompiledFlagSet;

  /** Throws `flag_set_invalid`. */
  constructor({ flags, $evaluators, metadata, bucketing }: FlagDefinitions) {
    // Without the version of a flag set: what a test changes has none.
    this.#definitions = {
      flags,
      ...($evaluators === undefined ? {} : { $evaluators }),
      ...(metadata === undefined ? {} : { metadata }),
      ...(bucketing === undefined ? {} : { bucketing }),
    };
    this.#compiled = compileDefinitions(this.#definitions);
  }

  get store(): StoreReader {
    return {
      name,
      read: async () => this.#reading,
      follow: (listener, signal) => {
        this.#listener = listener;
        signal.addEventListener("abort", () => (this.#listener = undefined), { once: true });
        listener.changed(this.#reading);
      },
    };
  }

  /** As they are served, before kills. */
  get compiled(): CompiledFlagSet {
    return this.#compiled;
  }

  force(key: string, variant: string): void {
    const flag = this.#definitionOf(key);
    if (!Object.hasOwn(flag.variants, variant)) {
      const known = Object.keys(flag.variants).join(", ");
      const message = `The flag '${key}' has no variant '${variant}'; it has ${known}.`;
      throw new DimmerError("flag_type_mismatch", message, { flag: key, variant });
    }
    this.#put(key, flag, variant);
  }

  forceValue(key: string, value: FlagValue): void {
    const flag = this.#definitionOf(key);
    const variant = Object.keys(flag.variants).find((own) => isDeepStrictEqual(flag.variants[own], value));
    if (variant === undefined) this.#put(key, { ...flag, variants: { ...flag.variants, forced: value } }, "forced");
    else this.#put(key, flag, variant);
  }

  release(key: string | undefined): void {
    if (key === undefined) this.#forced.clear();
    else {
      this.#definitionOf(key);
      this.#forced.delete(key);
    }
    this.#change();
  }

  #definitionOf(key: string): Flag {
    const flag = Object.hasOwn(this.#definitions.flags, key) ? this.#definitions.flags[key] : undefined;
    if (flag === undefined)
      throw new DimmerError("flag_not_found", `The definitions of this test have no flag '${key}'.`, { flag: key });
    return flag;
  }

  /** The flag with nothing left that could choose another variant. */
  #put(key: string, flag: Flag, variant: string): void {
    const { targeting: _targeting, strategy: _strategy, prerequisites: _prerequisites, ...rest } = flag;
    // Which variant is safe does not hang on which one is forced.
    const { safeVariant } = this.#compiled.flags.get(key) ?? {};
    const safe = safeVariant === undefined ? {} : { safeVariant };
    const forced: Flag = { ...rest, state: "ENABLED", defaultVariant: variant, ...safe };
    // Judged before it takes the place of anything.
    compileDefinitions({ flags: { [key]: forced } });
    this.#forced.set(key, forced);
    this.#change();
  }

  #change(): void {
    this.#compiled = compileDefinitions(this.#document);
    this.#listener?.changed(this.#reading);
  }

  get #document(): FlagDefinitions {
    return { ...this.#definitions, flags: { ...this.#definitions.flags, ...Object.fromEntries(this.#forced) } };
  }

  get #reading(): { readonly document: FlagDefinitions; readonly origin: string } {
    return { document: this.#document, origin: name };
  }
}
