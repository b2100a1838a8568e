// What no file of this repository may hold. The patterns are written so that they do not match themselves.

type Rule = { pattern: RegExp; reason: string; isAbout?: (file: string) => boolean };

const isLockfile = (file: string): boolean => file.endsWith("package-lock.json");

const rules: readonly Rule[] = [
  {
    pattern: /"resolved": "https?:/,
    reason:
      "a download address in the lockfile ties it to one registry; keep omit-lockfile-registry-resolved in .npmrc",
    isAbout: isLockfile,
  },
  {
    pattern: /(?<![\w.~-])\/(?:work|root)\/|\.\.\/shared\//,
    reason: "a path of one machine",
    isAbout: (file) => file !== ".ci/run" && !isLockfile(file),
  },
  { pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/, reason: "a private key" },
  { pattern: /\bAKIA(?![0-9A-Z]*EXAMPLE)[0-9A-Z]{16}\b/, reason: "an AWS access key" },
  { pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60,})/, reason: "a GitHub token" },
  { pattern: /\bnpm_[A-Za-z0-9]{36}\b/, reason: "an npm token" },
  { pattern: /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}/, reason: "a model provider's key" },
  { pattern: /\bAIza[0-9A-Za-z_-]{35}\b/, reason: "a Google key" },
  { pattern: /\bxox[abprs]-[0-9A-Za-z-]{10,}/, reason: "a Slack token" },
  {
    pattern: /(?:\/\/|\/\*)\s*(?:oxlint|eslint)-disable(?!.* -- \S)/,
    reason: "a rule is switched off without saying why; add ` -- ` and the reason",
  },
];

/** The faults of one file as `file:line: reason`. Binary files have none. */
export function findFileFaults(file: string, text: string): string[] {
  if (text.includes("\0")) return [];
  const relevant = rules.filter((rule) => rule.isAbout?.(file) ?? true);
  return text
    .split("\n")
    .flatMap((line, index) =>
      relevant.filter(({ pattern }) => pattern.test(line)).map(({ reason }) => `${file}:${index + 1}: ${reason}`),
    );
}
