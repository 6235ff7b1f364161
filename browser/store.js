// The example store beside a server of ours, each on a free port, on one clock.

import { spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";

import { Server, freePort, until } from "./server.js";

const PROGRAM = process.env.STORE ?? new URL("../target/debug/example-store", import.meta.url).pathname;
const BEGINS_AT = "2025-12-10T09:00:00+09:00";

export class Store {
  /** A server with `settings`, and the store that it protects. */
  static async start(settings = {}) {
    const [port, own] = [await freePort(), await freePort()];
    const url = `http://localhost:${port}`;
    const server = await Server.start({
      "policy-preset": "marketplace",
      "development-clock": BEGINS_AT,
      "sms-gateway": "mailbox",
      "trusted-proxies": "127.0.0.0/8",
      "webhooks-allow": `localhost:${port}`,
      "challenge-return-urls": `${url}/proved`,
      carriers: "minato",
      ...settings,
    }, own);
    const key = await server.key("decide,desk,admin");
    const client = await server.call("/v1/clients", {
      name: "Minato", kind: "confidential", redirect_uris: [`${url}/callback`],
      post_logout_redirect_uris: [`${url}/`], backchannel_logout_uri: `${url}/backchannel-logout`,
    }, key);
    const hook = await server.call("/v1/webhooks", { url: `${url}/webhooks` }, key);
    const flags = ["--backstage", "--listen", `127.0.0.1:${port}`, "--public-url", url,
      "--sekisho", server.url, "--data", `${server.folder}/store`, "--decision-timeout-ms", "20000"];
    const env = { ...process.env, RUST_LOG: "warn", STORE_KEY: key, STORE_CLIENT_ID: client.client_id,
      STORE_CLIENT_SECRET: client.client_secret, STORE_WEBHOOK_SECRET: hook.secret };
    const child = spawn(PROGRAM, flags, { stdio: ["ignore", "ignore", "inherit"], env });
    await until("the store answers", () => fetch(url).then((answer) => answer.ok, () => false));
    return new Store(child, url, server);
  }

  #child;

  constructor(child, url, server) {
    this.#child = child;
    Object.assign(this, { url, server });
  }

  /** What the clock of both shows, in milliseconds. */
  async now() {
    const { at } = await (await fetch(`${this.server.url}/v1/clock`)).json();
    return Date.parse(at);
  }

  /** Plays what comes next of the night, to its end. */
  async play() {
    await fetch(`${this.url}/night`, { method: "POST" });
    await until("the play ends", async () => {
      const page = await (await fetch(`${this.url}/night?lang=en`)).text();
      if (page.includes("class=\"problem\"")) throw new Error(page);
      return !page.includes("http-equiv=\"refresh\"");
    }, 60_000);
  }

  async stop() {
    this.#child.kill("SIGTERM");
    await wait(100);
    await this.server.stop();
  }
}
