/**
 * The dashboard's files at `/`. They hold no secret: the browser brings its token in the fragment of the address, which
 * never reaches a server. They are few and small, so they are read once, at start: a request touches no disk, can name
 * no other file, and is answered with the smallest form the build made (`app.js.br`, `app.js.gz` beside `app.js`).
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { DimmerError } from "@dimmer/spec/errors";
import type { FastifyInstance } from "fastify";
import { notFound, pathOf } from "./http-server.ts";

/** One file as it is sent: plain, and in the encodings the build made of it. */
interface DashboardFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly plain: Form;
  readonly encoded: readonly (Form & { readonly encoding: string })[];
}

interface Form {
  readonly bytes: Buffer;
  /** Differs between the forms of one file, as RFC 9110 §8.8.1 wants of a strong tag. */
  readonly etag: string;
}

/** Smallest first: what a browser takes is chosen in this order. */
const encodings = [
  { encoding: "br", extension: ".br" },
  { encoding: "gzip", extension: ".gz" },
] as const;

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
};

/**
 * Serves a built dashboard; every page address without a file is the one page.
 * @throws `config_invalid` when the folder holds no built dashboard.
 */
export async function registerDashboard(app: FastifyInstance, directory: string): Promise<void> {
  const files = await readFiles(directory);
  const page = files.get("/index.html");
  if (page === undefined) {
    throw new DimmerError(
      "config_invalid",
      `The dashboard's folder '${directory}' holds no index.html. Name a built one (DIMMER_DASHBOARD, --dashboard), or none.`,
      { field: "DIMMER_DASHBOARD", value: directory },
    );
  }
  app.setNotFoundHandler(async (request, reply) => {
    const path = pathOf(request.url);
    const isPage = !isCalled(path) && !path.includes(".");
    const file = files.get(path) ?? (isPage ? page : undefined);
    if (file === undefined || (request.method !== "GET" && request.method !== "HEAD")) throw notFound(request);
    const accepted = request.headers["accept-encoding"] ?? "";
    const encoded = file.encoded.find(({ encoding }) => accepts(accepted, encoding));
    const { bytes, etag } = encoded ?? file.plain;
    void reply.status(200).headers({ ...file.headers, etag });
    if (isKnown(request.headers["if-none-match"], etag)) return await reply.status(304).send();
    if (encoded !== undefined) void reply.header("content-encoding", encoded.encoding);
    return await reply.header("content-length", bytes.length).send(request.method === "HEAD" ? null : bytes);
  });
}

/** Whether programs ask there, to whom a page would look like an answer. */
function isCalled(path: string): boolean {
  return path.startsWith("/api/") || path.startsWith("/ofrep/");
}

/** By their path in an address. */
async function readFiles(directory: string): Promise<Map<string, DashboardFile>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const contents = new Map<string, Buffer>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    contents.set(`/${relative(directory, file).replaceAll(sep, "/")}`, await readFile(file));
  }
  const files = new Map<string, DashboardFile>();
  for (const [path, bytes] of contents) {
    if (!encodings.some(({ extension }) => path.endsWith(extension))) files.set(path, toFile(path, bytes, contents));
  }
  return files;
}

function toFile(path: string, bytes: Buffer, contents: ReadonlyMap<string, Buffer>): DashboardFile {
  const hash = createHash("sha256").update(bytes).digest("base64url").slice(0, 22);
  const encoded = encodings.flatMap(({ encoding, extension }) => {
    const smaller = contents.get(path + extension);
    return smaller === undefined ? [] : [{ encoding, bytes: smaller, etag: `"${hash}-${encoding}"` }];
  });
  return {
    headers: {
      "content-type": contentTypes[extname(path)] ?? "application/octet-stream",
      // Files under assets/ have a hash in their name and never change; the page that names them does.
      "cache-control": path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
      ...(encoded.length === 0 ? {} : { vary: "accept-encoding" }),
    },
    plain: { bytes, etag: `"${hash}"` },
    encoded,
  };
}

/** Whether an Accept-Encoding header takes an encoding: named, or covered by `*`, and not at q=0 (RFC 9110 §12.5.3). */
function accepts(header: string, encoding: string): boolean {
  const offers = new Map(
    header.split(",").map((offer) => {
      const [name = "", ...parameters] = offer.toLowerCase().split(";");
      return [name.trim(), !parameters.some((parameter) => /^\s*q\s*=\s*0(\.0*)?\s*$/.test(parameter))] as const;
    }),
  );
  return offers.get(encoding) ?? offers.get("*") ?? false;
}

/** Whether If-None-Match names a form the browser has; tags are compared weakly (RFC 9110 §13.1.2). */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === etag);
}
