import { readFileSync } from "node:fs";
import { ControlAddress, controlFile, DemoStatus, type ControlOrder } from "./control-contract.ts";

/** The demo is not there to take orders; the message says what to do. */
export class DemoNotRunning extends Error {
  constructor(dataDir: string, cause: unknown) {
    super(
      `The demo is not running from ${dataDir}.\nStart it with \`npm start\` (without NO_DEMO), or set DATA_DIR to the folder of the one that runs.`,
      { cause },
    );
    this.name = "DemoNotRunning";
  }
}

/**
 * Gives an order to the demo that runs from a data folder and returns how it is afterwards.
 * @throws DemoNotRunning when there is none.
 */
export async function orderDemo(dataDir: string, order: ControlOrder): Promise<DemoStatus> {
  let response: Response;
  try {
    const { port, token } = ControlAddress.parse(JSON.parse(readFileSync(controlFile(dataDir), "utf8")));
    response = await fetch(`http://127.0.0.1:${port}/`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(order),
      signal: AbortSignal.timeout(5000),
    });
  } catch (error) {
    throw new DemoNotRunning(dataDir, error);
  }
  if (!response.ok) throw new Error(`The demo refused the order: ${response.status} ${await response.text()}`);
  return DemoStatus.parse(await response.json());
}
