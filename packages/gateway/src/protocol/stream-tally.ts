/** Keeps count of what a streamed answer has said, and knows whether it is complete. */
import type { TokenCounts } from "./completion-body.ts";
import type { ChoiceDelta } from "./stream-chunk.ts";

export class StreamTally {
  /** Text of the first choice. */
  text = "";
  /** As the provider counted; undefined while it has not said. */
  tokens: TokenCounts | undefined = undefined;
  readonly #open = new Set<number>();
  #finished = 0;

  /** Whether every choice that began has said why it finished. */
  get isComplete(): boolean {
    return this.#finished > 0 && this.#open.size === 0;
  }

  /** Takes down what the choices said; answers whether any of it is content, or the end of one. */
  add(choices: readonly ChoiceDelta[]): boolean {
    let isContent = false;
    for (const choice of choices) {
      if (choice.index === 0) this.text += choice.text;
      if (choice.hasContent || choice.isFinished) isContent = true;
      if (choice.isFinished) {
        this.#open.delete(choice.index);
        this.#finished += 1;
      } else {
        this.#open.add(choice.index);
      }
    }
    return isContent;
  }
}
