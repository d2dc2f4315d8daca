import { JSockDClientError } from "../common/errors.ts";

/** Which build of the server: the usual one, or the slower one that is memory-safe by Fil-C. */
export type Flavor = "default" | "filc";

/** What a release is built for. */
export interface Platform {
  readonly os: string;
  readonly arch: string;
}

/** The builds of each release: how their names end, and where they run. */
const BUILDS: readonly (Platform & { readonly flavor: Flavor; readonly suffix: string })[] = [
  { os: "linux", arch: "x86_64", flavor: "default", suffix: "linux-x86_64" },
  { os: "linux", arch: "x86_64", flavor: "filc", suffix: "linux-x86_64_filc" },
  { os: "linux", arch: "aarch64", flavor: "default", suffix: "linux-arm64" },
  { os: "darwin", arch: "aarch64", flavor: "default", suffix: "macos-arm64" },
];

/**
 * The name of a release's build: of its archive, without `.tar.gz`, and of the folder in it.
 *
 * @throws {JSockDClientError} `PLATFORM` if there is no such build for the platform.
 */
export function releaseName(
  version: string,
  flavor: Flavor,
  { os, arch }: Platform = Deno.build,
): string {
  const build = BUILDS.find((build) =>
    build.os === os && build.arch === arch && build.flavor === flavor
  );
  if (build !== undefined) return `jsockd-${version}-${build.suffix}`;
  const offered = BUILDS.map(({ suffix }) => suffix).join(", ");
  throw new JSockDClientError(
    "PLATFORM",
    `Cannot download JSockD of flavor '${flavor}' for ${os} on ${arch}: there is ${offered}; ${
      os === "windows"
        ? "run this program in the Windows Subsystem for Linux (WSL)"
        : "build an executable of your own and give it to initJSockDClient, or use the embedded " +
          "server of '@x/jsockd/embedded'"
    }`,
  );
}
