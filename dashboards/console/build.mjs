// Builds assets/ into static/dist and writes manifest.json: entry → file, and the SHA-256 of every input and output.
// The same lock file gives the same bytes; tests/console/test_assets.py checks the committed files without Node.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";

const OUT = "static/dist";
const INPUTS = ["assets", "build.mjs", "package.json", "package-lock.json"];
const sha256 = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");
const files = (path) =>
  statSync(path).isDirectory() ? readdirSync(path).sort().flatMap((name) => files(join(path, name))) : [path];

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
const result = await build({
  entryPoints: ["assets/js/app.js", "assets/css/style.css", "assets/css/dark.css", "assets/icons.svg", "assets/mark.svg"],
  outdir: OUT,
  bundle: true,
  minify: true,
  splitting: true,
  format: "esm",
  target: ["chrome109", "firefox115"], // the last releases for Windows 7 and 8.1, still found in offices
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file", ".svg": "copy" },
  legalComments: "none",
  metafile: true,
});
const entries = {};
for (const [path, output] of Object.entries(result.metafile.outputs)) {
  if (output.entryPoint) entries[basename(output.entryPoint)] = basename(path);
}
const hashes = (paths) => Object.fromEntries(paths.map((path) => [relative(".", path), sha256(path)]));
const manifest = { entries, outputs: hashes(files(OUT)), inputs: hashes(INPUTS.flatMap(files)) };
writeFileSync(join(OUT, "manifest.json"), JSON.stringify(manifest, null, 1) + "\n");
