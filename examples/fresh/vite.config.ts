import { fresh } from "@fresh/plugin-vite";
import { defineConfig } from "vite";
import { jsockdIslands } from "@x/jsockd/fresh";

export default defineConfig({ plugins: [fresh(), jsockdIslands()] });
