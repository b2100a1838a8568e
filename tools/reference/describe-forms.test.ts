import { z } from "zod";
import { expect, test } from "vitest";
import { FormDescriber } from "./describe-forms.ts";

const part = z.object({ name: z.string(), size: z.int().default(1).describe("In metres") }).describe("A part");
const machine = z.object({
  parts: z.array(part),
  mode: z.enum(["on", "off"]).optional(),
  owner: z.string().nullable(),
  notes: z.record(z.string(), z.union([z.string(), z.number()])),
});
const describer = new FormDescriber(
  new Map<string, z.ZodType>([
    ["Part", part],
    ["Machine", machine],
  ]),
);

test("named forms are called by their names, others are written out", () => {
  expect(describer.brief(machine)).toBe("Machine");
  expect(describer.brief(z.array(part))).toBe("Part[]");
  expect(describer.brief(z.object({ part, at: z.iso.datetime().optional() }))).toBe("{part: Part, at?: date-time}");
});

test("a form that adds to a named one says so", () => {
  expect(describer.brief(part.extend({ colour: z.string() }))).toBe("Part & {colour: string}");
});

test("a form is described member by member", () => {
  expect(describer.form("Part", part)).toEqual({
    name: "Part",
    meaning: "A part",
    alias: "",
    members: [
      { name: "name", form: "string", isOptional: false, meaning: "" },
      { name: "size", form: "integer", isOptional: true, meaning: "In metres; default `1`" },
    ],
  });
  expect(describer.form("Machine", machine).members.map(({ form }) => form)).toEqual([
    "Part[]",
    '"on" | "off"',
    "string | null",
    "{[name]: string | number}",
  ]);
});
