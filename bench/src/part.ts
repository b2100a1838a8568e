/** One part of `npm run bench`. */
import type { Figure } from "./figure.ts";

export interface PartOptions {
  /** Short rounds: to see that everything works, not to quote. */
  readonly isQuick: boolean;
  readonly say: (text: string) => void;
}

export type Part = (options: PartOptions) => Promise<Figure[]>;
