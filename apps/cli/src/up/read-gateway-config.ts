/** Reads a gateway's configuration from the file an operator wrote. */
import { readFileSync } from "node:fs";
import { configError, parseGatewayConfig, type GatewayConfigInput } from "@dimmer/gateway";
import { DimmerError } from "@dimmer/spec/errors";

/** Throws config_invalid with the file's name and everything that is wrong in it. */
export async function readGatewayConfig(file: string): Promise<GatewayConfigInput> {
  const document = await readDocument(file);
  const parse = parseGatewayConfig(document);
  if (!parse.ok) throw configError(parse.faults, `The gateway's configuration ${file}`);
  // It has just been parsed; a gateway takes what people write and fills in the rest itself.
  return document as GatewayConfigInput;
}

/** YAML reads JSON as well. */
async function readDocument(file: string): Promise<unknown> {
  const { parse } = await import("yaml");
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new DimmerError(
      "config_invalid",
      `The gateway's configuration ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      { file },
      { cause: error },
    );
  }
}
