import { createRequire } from "node:module";
import zookeeper from "node-zookeeper-client";

/** The only version whose internals the repairs in this folder were written for. */
const VERSION = "1.1.3";

const installed: unknown = createRequire(import.meta.url)("node-zookeeper-client/package.json");
const found =
  typeof installed === "object" && installed !== null && "version" in installed ? installed.version : "unknown";
if (found !== VERSION) {
  throw new Error(
    `node-zookeeper-client ${VERSION} is required, found ${String(found)}. Its internals are repaired here; run "npm ci".`,
  );
}

// An error code the library has no name for (quota -125, throttled -127, session moved -118, …) makes `create` throw in
// the socket's data handler, which ends the process. Every caller inside the library looks `create` up on this object.
const createKnown = zookeeper.Exception.create;
zookeeper.Exception.create = (code, path) => {
  try {
    return createKnown(code, path);
  } catch {
    return Object.assign(new Error(`ZooKeeper error ${code}`), { code, getCode: () => code });
  }
};

/** node-zookeeper-client, version checked, unknown error codes made harmless. */
export { zookeeper };
