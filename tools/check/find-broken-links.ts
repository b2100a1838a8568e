// Relative links of Markdown documents: which of them lead nowhere.
import { posix } from "node:path";

/**
 * The broken links of one document as `file:line: reason`.
 * @param read gives the text of a file under the repository root, undefined when there is none; a folder reads as "".
 */
export function findBrokenLinks(file: string, text: string, read: (path: string) => string | undefined): string[] {
  return withoutCode(text)
    .split("\n")
    .flatMap((line, index) =>
      targetsIn(line).flatMap((target) => {
        const reason = faultOf(file, text, target, read);
        return reason === undefined ? [] : [`${file}:${index + 1}: the link "${target}" ${reason}`];
      }),
    );
}

function faultOf(
  file: string,
  text: string,
  target: string,
  read: (path: string) => string | undefined,
): string | undefined {
  if (/^[a-z][a-z+.-]*:/i.test(target)) return undefined; // another site's affair
  const [path = "", anchor] = decodeURI(target).split("#");
  const goal = path === "" ? text : read(posix.join(posix.dirname(file), path));
  if (goal === undefined) return "leads to no file";
  if (anchor === undefined || !(path === "" || path.endsWith(".md"))) return undefined;
  return anchorsOf(goal).has(anchor) ? undefined : "leads to no heading";
}

/** `[text](target)`, `[name]: target` and the sources of pictures. */
function targetsIn(line: string): string[] {
  const inline = line.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)|(?:src|href)="([^"]+)"/g);
  const definition = /^\s*\[[^\]]+\]:\s+(\S+)/.exec(line)?.[1];
  return [...[...inline].map(([, link, attribute]) => link ?? attribute ?? ""), definition ?? ""].filter(Boolean);
}

/** The anchors GitHub gives to headings, and those written by hand. */
function anchorsOf(text: string): Set<string> {
  const headings = [...withoutCode(text, /```[\s\S]*?```/g).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].map(([, heading]) =>
    (heading ?? "")
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-"),
  );
  const byHand = [...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, name]) => name ?? "");
  return new Set([...headings, ...byHand]);
}

/** Blanks out code, keeping the lines where they are. */
function withoutCode(text: string, code = /```[\s\S]*?```|`[^`\n]*`/g): string {
  return text.replace(code, (block) => block.replace(/[^\n]/g, ""));
}
