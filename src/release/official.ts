/** The address that the official releases are below. */
export const OFFICIAL_BASE_URL = "https://github.com/addrummond/jsockd/releases/download";

/** Where that address redirects to. */
export const OFFICIAL_REDIRECT_HOSTS: readonly string[] = [
  "release-assets.githubusercontent.com:443",
  "objects.githubusercontent.com:443",
];

/** The key that the official releases are signed with. */
export const OFFICIAL_PUBLIC_KEY =
  "b136fca8fbfc42fe6dc95dedd035b0b50ad93b6a5d6fcaf8fc0552e9d29ee406";
