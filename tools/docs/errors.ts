// docs/errors.md: every error Dimmer can answer with, made from the closed table in @dimmer/spec/errors.
import { exitCodes } from "@dimmer/cli/reference";
import { describeFault } from "@dimmer/engine/faults";
import { errorTable, type ErrorKind } from "@dimmer/spec/errors";
import { faultExamples } from "../reference/fault-examples.ts";
import { code, keepDocument, table } from "../reference/keep-document.ts";

const kinds: Readonly<Record<ErrorKind, { readonly who: string; readonly when: string }>> = {
  input: { who: "the caller", when: "The caller sent something wrong; other input helps." },
  auth: { who: "the caller", when: "The caller is not known, or not allowed." },
  state: { who: "the operator", when: "The system's present state refuses it; another state would not." },
  unavailable: {
    who: "nobody, or the operator",
    when: "Something needed is down or slow; the same call may work later.",
  },
  internal: { who: "Dimmer's makers", when: "A defect in Dimmer." },
};

keepDocument("docs/errors.md", "packages/spec/src/errors.ts", [
  "# Errors",
  "",
  'Every error has a code from this closed table. A code is never renamed and never reused. The control plane answers `{"error": {"code", "message", "fix", "details"}}`; the gateway puts the same into OpenAI\'s error body, with the code in `error.code`; `dimmer` prints `error <code>: <message>` and what to do, or that document with `--json`, and exits with the code of its kind.',
  "",
  ...table(
    ["kind", "when", "who acts", "exit code of `dimmer`"],
    Object.entries(kinds).map(([kind, { who, when }]) => [kind, when, who, exitCodeOf(kind)]),
  ),
  "",
  "*Retry* says whether sending the same again later can succeed without anybody changing anything.",
  "",
  ...table(
    ["code", "HTTP", "kind", "retry", "what", "what to do"],
    Object.entries(errorTable).map(([name, { status, kind, retryable, summary, fix }]) => [
      code(name),
      status,
      kind,
      retryable ? "yes" : "no",
      summary,
      fix,
    ]),
  ),
  "",
  "## Faults of a flag set",
  "",
  "`flag_set_invalid` lists every fault of a set at once, in `details.faults`: a JSON pointer to the place, one of these codes, the value that stands there, what is wrong, and what to do. A set with faults changes nothing. Some are warnings to who only reads a set (targeting that flagd loads too, but that can never mean what its author wanted); who writes to the control plane must correct those as well.",
  "",
  ...table(["code", "for example, at", "what", "what to do"], faultRows()),
]);

function faultRows(): string[][] {
  // Object.keys forgets the literal type of the keys of a closed table.
  return (Object.keys(faultExamples) as (keyof typeof faultExamples)[]).map((name) => {
    const { pointer, message, fix } = describeFault({ code: name, ...faultExamples[name] });
    return [code(name), pointer === "" ? "" : code(pointer), message, fix];
  });
}

function exitCodeOf(kind: string): number | string {
  return Object.entries(exitCodes).find(([name]) => name === kind)?.[1] ?? "";
}
