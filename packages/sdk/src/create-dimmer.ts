import type { Dimmer, DimmerOptions } from "./dimmer.ts";

/**
 * Puts a Dimmer together and starts it. It answers at once: from the kill latch and the disk snapshots in `directory`,
 * else from `definitions`. Throws DimmerError `config_invalid` for options that contradict each other and
 * `flag_set_invalid` for faulty `definitions`; nothing that happens later throws.
 */
export declare function createDimmer(options: DimmerOptions): Dimmer;
