// The real program on a free port of this machine, with a data folder that is thrown away.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";

const PROGRAM = process.env.SEKISHO ?? new URL("../target/debug/sekisho", import.meta.url).pathname;
/** How long a letter, or the start, may take: far more than it does. */
const PATIENCE_MS = 20_000;

export class Server {
  /** A new instance that keeps its letters in a mailbox. `localhost`: passkeys want a name. */
  static async start(more = {}, port = undefined) {
    port ??= await freePort();
    const folder = await mkdtemp(join(tmpdir(), "sekisho-browser-"));
    const url = `http://localhost:${port}`;
    const settings = {
      data: folder,
      listen: `127.0.0.1:${port}`,
      "public-url": url,
      "policy-preset": "observe",
      "mail-gateway": "mailbox",
      development: "true",
      "store-name": "みなと市場",
      "challenge-return-urls": `${url}/official-senders`,
      log: "warn",
      ...more,
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    const child = spawn(PROGRAM, ["serve", ...flags], { stdio: ["ignore", "ignore", "inherit"] });
    const server = new Server(child, url, folder);
    await server.#answers();
    return server;
  }

  #child;
  #key;

  constructor(child, url, folder) {
    this.#child = child;
    Object.assign(this, { url, folder });
  }

  async #answers() {
    await until("the server answers", async () => {
      if (this.#child.exitCode !== null) throw new Error(`the server ended: ${this.#child.exitCode}`);
      return fetch(`${this.url}/readyz`).then((answer) => answer.ok, () => false);
    });
  }

  /** Calls the API as a store does. */
  async call(path, body, key = undefined) {
    key ??= this.#key ??= await this.key("decide");
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const answer = await fetch(this.url + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  /** A new key with these scopes. */
  async key(scopes) {
    const flags = ["keys", "create", "--name", "browser", "--scopes", scopes, "--data", this.folder];
    const { stdout } = await promisify(execFile)(PROGRAM, flags);
    return stdout.match(/sk_live_\w+/)[0];
  }

  /** Asks it to stop, and waits until it has. */
  async stop() {
    this.#child.kill("SIGTERM");
    if (this.#child.exitCode === null) await once(this.#child, "exit");
    await rm(this.folder, { recursive: true });
  }

  /** The latest letter to `to` that matches, once it has come. */
  async letter(to, matching) {
    return until(`a letter to ${to} with ${matching}`, async () => {
      const html = await (await fetch(`${this.url}/mailbox?lang=en`)).text();
      const letters = html.split('<li class="card">').slice(1);
      return letters.find((letter) => letter.includes(to) && matching.test(letter));
    });
  }

  /** The six digits that were sent to `to` last, other than `before`. */
  async code(to, before) {
    const other = new RegExp(`\\b(?!${before ?? "x"})\\d{6}\\b`);
    return (await this.letter(to, other)).match(other)[0];
  }

  /** The code that undoes what a letter to `to` is about. */
  async undoCode(to) {
    const code = /\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\b/;
    return (await this.letter(to, code)).match(code)[0];
  }
}

export async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

export async function until(what, look, patienceMs = PATIENCE_MS) {
  for (const end = Date.now() + patienceMs; Date.now() < end; await wait(50)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`waited in vain: ${what}`);
}
