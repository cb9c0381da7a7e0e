import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { until } from "../test-bed/peer.ts";
import { selfSigned, type SelfSigned } from "../test-bed/self-signed.ts";
import { CertificateStore } from "./certificate-store.ts";
import type { CertificateSource } from "./certificate-files.ts";

let folder: string;
let store: CertificateStore | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshkeeper-tls-"));
});
afterEach(async () => {
  await store?.stop();
  store = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function write(name: string, { cert, key }: SelfSigned, into = folder): Promise<void> {
  await writeFile(join(into, `${name}.crt`), cert);
  await writeFile(join(into, `${name}.key`), key);
}

async function open(source: CertificateSource = { kind: "folder", path: folder }): Promise<CertificateStore> {
  return (store = await CertificateStore.open(source, pino({ level: "silent" })));
}

const pair = (): CertificateSource => ({ kind: "pair", cert: join(folder, "shop.crt"), key: join(folder, "shop.key") });

describe("certificates", () => {
  it("are chosen by name: exact before wildcard, and the first where there is no other", async () => {
    await write("a-default", selfSigned("default.test"));
    await write("shop", selfSigned("shop.test", "*.shop.test"));
    await write("admin", selfSigned("admin.shop.test"));
    const certificates = await open();
    const namesFor = (name: string) => certificates.choose(name)?.names;
    expect(namesFor("shop.test")).toEqual(["shop.test", "*.shop.test"]);
    expect(namesFor("WWW.Shop.Test")).toEqual(["shop.test", "*.shop.test"]);
    expect(namesFor("admin.shop.test")).toEqual(["admin.shop.test"]);
    expect(namesFor("a.b.shop.test")).toEqual(["default.test"]);
    expect(namesFor("")).toEqual(["default.test"]);
    expect(certificates.list().map(({ name, problem }) => [name, problem])).toEqual([
      ["a-default", ""],
      ["admin", ""],
      ["shop", ""],
    ]);
  });

  it("follow their files", async () => {
    await write("shop", selfSigned("old.test"));
    const certificates = await open(pair());
    let changes = 0;
    certificates.onChange(() => (changes += 1));
    await write("shop", selfSigned("new.test"));
    await until(() => certificates.choose("")?.names.includes("new.test"));
    expect(changes).toBe(1);
  });

  it("follow a link to another folder, as Kubernetes replaces secrets", async () => {
    for (const version of ["1", "2"]) {
      await mkdir(join(folder, version));
      await write("tls", selfSigned(`v${version}.test`), join(folder, version));
    }
    await symlink("1", join(folder, "data"));
    for (const file of ["tls.crt", "tls.key"]) await symlink(join("data", file), join(folder, file));
    const certificates = await open();
    expect(certificates.choose("")?.names).toEqual(["v1.test"]);
    await symlink("2", join(folder, "data-new"));
    await rename(join(folder, "data-new"), join(folder, "data"));
    await certificates.look();
    expect(certificates.choose("")?.names).toEqual(["v2.test"]);
  });

  it("stay in force while their files hold nothing better, and say so", async () => {
    const [old, next] = [selfSigned("old.test"), selfSigned("new.test")];
    await write("shop", old);
    const certificates = await open(pair());
    await writeFile(join(folder, "shop.crt"), next.cert);
    await certificates.look();
    expect(certificates.choose("")?.names).toEqual(["old.test"]);
    expect(certificates.list()[0]?.problem).toContain("shop.crt and ");
    await writeFile(join(folder, "shop.key"), next.key);
    await certificates.look();
    expect(certificates.choose("")?.names).toEqual(["new.test"]);
    expect(certificates.list()[0]?.problem).toBe("");
    await writeFile(join(folder, "shop.crt"), next.cert.slice(0, 100));
    await certificates.look();
    await rm(join(folder, "shop.crt"));
    await certificates.look();
    expect(certificates.choose("")?.names).toEqual(["new.test"]);
    expect(certificates.list()[0]?.problem).toContain("ENOENT");
  });

  it("come and go with the files of a folder, but for the last one", async () => {
    await write("shop", selfSigned("shop.test"));
    const certificates = await open();
    await write("admin", selfSigned("admin.test"));
    await certificates.look();
    expect(certificates.choose("admin.test")?.names).toEqual(["admin.test"]);
    await rm(join(folder, "admin.key"));
    await certificates.look();
    expect(certificates.choose("admin.test")?.names).toEqual(["shop.test"]);
    await rm(join(folder, "shop.key"));
    await certificates.look();
    expect(certificates.choose("shop.test")?.names).toEqual(["shop.test"]);
  });

  it("that are of no use leave the others alone", async () => {
    await write("broken", { cert: "nothing", key: "nothing" });
    await write("shop", selfSigned("shop.test"));
    const certificates = await open();
    expect(certificates.choose("")?.names).toEqual(["shop.test"]);
    expect(certificates.list().find(({ name }) => name === "broken")?.problem).not.toBe("");
  });

  it("must be there to begin with", async () => {
    await expect(open()).rejects.toThrow("shop.crt and shop.key");
    await expect(open(pair())).rejects.toThrow("ENOENT");
    await write("shop", { cert: selfSigned("a.test").cert, key: selfSigned("b.test").key });
    await expect(open(pair())).rejects.toThrow("shop.key cannot be used");
  });
});
