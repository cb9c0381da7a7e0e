import { EMPTY_SNAPSHOT } from "#domain/snapshot.ts";
import type { MultiOp } from "../operations.ts";
import { paths } from "../paths.ts";
import type { Command, Tampering } from "./commands.ts";
import { forge } from "./forge.ts";
import type { Image } from "./simulated-server.ts";
import { openConsole, openGateway, ROOT, type Console, type Gateway, type World } from "./world.ts";

/** Does to the world what a command says. A command that makes no sense just now does nothing. */
export function openPerformance(world: World): (command: Command) => void {
  const { server, database, oracle, scheduler, outside } = world;
  let copy: Image | null = null;

  function crashConsole(index: number): void {
    const victim = world.consoles[index];
    if (victim === undefined) return;
    victim.process.dead = true;
    scheduler.bury(victim.process);
    scheduler.add(outside, () => server.expire(victim.client.session()));
    openConsole(world, index);
  }

  function crashGateway(index: number, keepsDisk: boolean): void {
    const victim = world.gateways[index];
    if (victim === undefined) return;
    victim.process.dead = true;
    scheduler.bury(victim.process);
    void victim.follower.stop();
    if (!keepsDisk) oracle.forgot(victim.process.name);
    openGateway(world, index, keepsDisk ? victim.follower.current() : EMPTY_SNAPSHOT);
  }

  function restartServer(image: Image): void {
    oracle.lostData();
    server.startFrom(image);
    for (const { client } of [...world.consoles, ...world.gateways]) client.cut();
  }

  return (command) => {
    switch (command.kind) {
      case "edit":
        database.edit(command.edits);
        consoleOf(world, command.console).publisher.wake();
        break;
      case "console-period":
        consoleOf(world, command.who).loops.period();
        break;
      case "gateway-period":
        gatewayOf(world, command.who).loops.period();
        break;
      case "crash-console":
        crashConsole(command.who % world.consoles.length);
        break;
      case "crash-gateway":
        crashGateway(command.who % world.gateways.length, command.keepsDisk);
        break;
      case "pause-console":
      case "resume-console":
        consoleOf(world, command.who).process.paused = command.kind === "pause-console";
        break;
      case "pause-gateway":
      case "resume-gateway":
        gatewayOf(world, command.who).process.paused = command.kind === "pause-gateway";
        break;
      case "cut-console":
        consoleOf(world, command.who).client.cut();
        break;
      case "cut-gateway":
        gatewayOf(world, command.who).client.cut();
        break;
      case "expire-console":
        server.expire(consoleOf(world, command.who).client.session());
        break;
      case "depose-console":
        depose(world, command.who);
        break;
      case "tamper":
        tamper(world, command.how, command.id);
        break;
      case "wipe":
        restartServer({ nodes: new Map(), sequences: new Map() });
        break;
      case "copy-disk":
        copy = server.image();
        break;
      case "roll-back":
        if (copy !== null) restartServer(copy);
        break;
      case "age":
        database.age();
        break;
      case "set-drift-mode":
        database.decide({ driftMode: command.mode });
        break;
      case "back-up":
        database.backUp();
        break;
      case "restore":
        oracle.meddled = true;
        database.restore();
        break;
      case "replace-database":
        oracle.meddled = true;
        database.replaceByEmpty();
        break;
    }
  };
}

function consoleOf(world: World, who: number): Console {
  return nth(world.consoles, who);
}

function gatewayOf(world: World, who: number): Gateway {
  return nth(world.gateways, who);
}

function nth<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new RangeError("there are none");
  return item;
}

function depose(world: World, who: number): void {
  const path = consoleOf(world, who).election.node();
  if (path !== null && world.server.nodes.has(path))
    world.server.commit({ session: 0n, genuine: false }, [{ kind: "remove", path, version: -1 }]);
}

function tamper(world: World, how: Tampering, id: string): void {
  const { server, random, database, oracle } = world;
  const head = server.nodes.get(paths.head(ROOT))?.data ?? null;
  const { nodes, foreign } = forge(how, { id, random, database: database.state, head });
  if (foreign !== null) oracle.committed(foreign);
  for (const { path, data } of nodes) put(world, path, data);
}

function put({ server, oracle }: World, path: string, data: Buffer | null): void {
  const exists = server.nodes.has(path);
  const op: MultiOp | null =
    data === null
      ? exists
        ? { kind: "remove", path, version: -1 }
        : null
      : exists
        ? { kind: "set", path, data, version: -1 }
        : { kind: "create", path, data };
  if (op === null || (op.kind === "create" && !server.nodes.has(path.slice(0, path.lastIndexOf("/"))))) return;
  oracle.tampered(path, op.kind === "create");
  server.commit({ session: 0n, genuine: false }, [op]);
}
