/** The one place that prints. Results go to stdout, everything said along the way to stderr; colour only where a person looks. */
import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

export interface Output {
  readonly isJson: boolean;
  /** Whether a person sees stdout in a terminal. */
  readonly isInteractive: boolean;
  /** Characters a line has room for; 100 where nobody knows. */
  readonly width: number;
  /** The result: `document` with --json, the lines of `text` otherwise. */
  readonly result: (document: unknown, text: string) => void;
  /** Progress and remarks, on stderr. */
  readonly say: (text: string) => void;
  /** `text` in a style where colours are on. */
  readonly paint: (style: Style, text: string) => string;
}

/** Where it is printed; `process` is one. */
export interface Streams {
  readonly stdout: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** Writes to stdout and stderr, of this process unless others are given. */
export function createOutput(isJson: boolean, streams: Streams = process): Output {
  const { stdout, stderr } = streams;
  const isInteractive = stdout.isTTY === true && !isJson;
  const hasColour = isInteractive && (process.env["NO_COLOR"] ?? "") === "";
  return {
    isJson,
    isInteractive,
    get width() {
      return stdout.columns ?? 100;
    },
    result(document, text) {
      stdout.write(isJson ? `${JSON.stringify(document, null, 2)}\n` : text === "" ? "" : `${text}\n`);
    },
    say(text) {
      stderr.write(`${text}\n`);
    },
    paint(style, text) {
      return hasColour ? styleText(style, text, { validateStream: false }) : text;
    },
  };
}
