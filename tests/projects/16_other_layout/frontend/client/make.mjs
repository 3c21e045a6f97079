import { build } from "esbuild";

await build({
  entryPoints: ["app/index.ts"],
  bundle: true,
  minify: true,
  outfile: "../../backend/built/app.js",
});
