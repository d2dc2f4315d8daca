import { JSockDClientError } from "../common/errors.ts";

/** A build of the server: the default one, or the slower one that Fil-C makes memory-safe. */
export type Flavor = "default" | "filc";

/** An operating system and processor architecture, in Deno's terms. */
export interface Platform {
  readonly os: string;
  readonly arch: string;
}

/** The builds of each release, with the suffixes of their names. */
const BUILDS: readonly (Platform & { readonly flavor: Flavor; readonly suffix: string })[] = [
  { os: "linux", arch: "x86_64", flavor: "default", suffix: "linux-x86_64" },
  { os: "linux", arch: "x86_64", flavor: "filc", suffix: "linux-x86_64_filc" },
  { os: "linux", arch: "aarch64", flavor: "default", suffix: "linux-arm64" },
  { os: "darwin", arch: "aarch64", flavor: "default", suffix: "macos-arm64" },
];

/**
 * Returns the name of a build: of its archive without `.tar.gz`, and of the folder in the archive.
 *
 * @throws {JSockDClientError} `PLATFORM` if the platform has no build of this flavor.
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
    `Cannot download JSockD with flavor '${flavor}' for ${os} on ${arch}: the builds are ${offered}; ${
      os === "windows"
        ? "run this program in the Windows Subsystem for Linux (WSL)"
        : "pass an executable that you have built yourself to initJSockDClient, or use the " +
          "embedded server of '@x/jsockd/embedded'"
    }`,
  );
}
