/**
 * Reads a replay file: questions, what two models really answered, and whether each answer was marked right. Questions
 * and answers leave this module apart from the marks, so that whatever answers the questions cannot see them.
 */
import { readFile } from "node:fs/promises";
import { DimmerError } from "@dimmer/spec/errors";
import { CsvError, parse } from "csv-parse/sync";
import { cheapModel, strongModel } from "./replay-models.ts";

/** A question and its recorded answers. */
export interface RecordedQuestion {
  readonly prompt: string;
  readonly cheapAnswer: string;
  readonly strongAnswer: string;
}

/** Whether the recorded answers to one question are right. */
export interface Marks {
  readonly isCheapRight: boolean;
  readonly isStrongRight: boolean;
}

/** A replay file: `marks` has one entry per question, in the same order. */
export interface ReplayFile {
  readonly questions: readonly RecordedQuestion[];
  readonly marks: readonly Marks[];
}

const columns = {
  prompt: "prompt",
  isCheapRight: cheapModel.name,
  isStrongRight: strongModel.name,
  cheapAnswer: `${cheapModel.name}_response`,
  strongAnswer: `${strongModel.name}_response`,
} as const;

/** Reads and checks a file. Throws `data_invalid` naming the file, the row and the column. */
export async function readReplayFile(path: string): Promise<ReplayFile> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DimmerError(
      "data_invalid",
      `The file '${path}' cannot be read: ${reason}.`,
      { file: path },
      { cause: error },
    );
  }
  return parseReplayFile(text, path);
}

/** Reads and checks the text of a file; `name` stands for it in errors. */
export function parseReplayFile(text: string, name: string): ReplayFile {
  const [header, ...records] = parseRecords(text, name);
  if (header === undefined) throw invalid(name, "is empty");
  const missing = Object.values(columns).filter((column) => !header.includes(column));
  if (missing.length > 0)
    throw invalid(
      name,
      `lacks the column${missing.length > 1 ? "s" : ""} ${missing.map((column) => `'${column}'`).join(", ")}`,
    );
  if (records.length === 0) throw invalid(name, "has a header and no rows");
  const questions: RecordedQuestion[] = [];
  const marks: Marks[] = [];
  const rowOf = new Map<string, number>();
  for (const [index, record] of records.entries()) {
    const row = index + 1;
    const cell = (column: string): string => record[header.indexOf(column)] ?? "";
    const prompt = cell(columns.prompt);
    if (prompt.trim() === "") throw invalid(name, `has no prompt in row ${row}`);
    const earlier = rowOf.get(prompt);
    if (earlier !== undefined) throw invalid(name, `has the same prompt in rows ${earlier} and ${row}`);
    rowOf.set(prompt, row);
    questions.push({ prompt, cheapAnswer: cell(columns.cheapAnswer), strongAnswer: cell(columns.strongAnswer) });
    const mark = (column: string): boolean => readMark(cell(column), name, row, column);
    marks.push({ isCheapRight: mark(columns.isCheapRight), isStrongRight: mark(columns.isStrongRight) });
  }
  return { questions, marks };
}

function parseRecords(text: string, name: string): readonly (readonly string[])[] {
  try {
    return parse(text, { bom: true, skip_empty_lines: true });
  } catch (error) {
    if (error instanceof CsvError)
      throw new DimmerError(
        "data_invalid",
        `The file '${name}' is no CSV: ${error.message}.`,
        { file: name },
        { cause: error },
      );
    throw error;
  }
}

function readMark(cell: string, name: string, row: number, column: string): boolean {
  const word = cell.trim().toLowerCase();
  if (word === "true") return true;
  if (word === "false") return false;
  throw invalid(name, `has '${cell.slice(0, 40)}' in row ${row}, column '${column}', where True or False belongs`);
}

function invalid(name: string, problem: string): DimmerError {
  return new DimmerError("data_invalid", `The file '${name}' ${problem}.`, { file: name });
}
