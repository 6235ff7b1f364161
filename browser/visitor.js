// Somebody at the pages: a browser of one language, size and colour scheme.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

import { words } from "./words.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SCREENSHOTS = new URL("../target/screenshots/", import.meta.url).pathname;
const LOCALES = { ja: "ja-JP", en: "en-GB" };
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };
/** Nothing but our own pages is ever asked for. */
const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

/** The browser; each visitor has a window of its own in it, with no cookie. */
export const startBrowser = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });

/** Every language, size and colour scheme. */
export const LOOKS = ["ja", "en"].flatMap((language) =>
  ["phone", "desktop"].flatMap((size) => ["light", "dark"].map((scheme) => ({ language, size, scheme }))));

export const nameOf = ({ language, size, scheme, script = true }) =>
  [language, size, scheme, ...(script ? [] : ["without script"])].join(", ");

export class Visitor {
  static async at(browser, server, look) {
    const context = await browser.newContext({
      baseURL: server.url,
      locale: LOCALES[look.language],
      viewport: SIZES[look.size],
      colorScheme: look.scheme,
      javaScriptEnabled: look.script ?? true,
      reducedMotion: "reduce",
    });
    context.setDefaultTimeout(10_000);
    return new Visitor(await context.newPage(), server, look);
  }

  #seen = 0;

  constructor(page, server, look) {
    Object.assign(this, { page, server, look_: look });
    this.complaints = [];
    page.on("console", (message) => {
      const { url } = message.location();
      // A page that was refused says so by its status; that is no fault of a script or a policy.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
        this.complaints.push(`${url}: ${message.text()}`);
      }
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
  }

  say = (key, values) => words(this.look_.language, key, values);
  get path() {
    return new URL(this.page.url()).pathname;
  }

  open = (path) => this.page.goto(path);
  fill = (name, value) => this.page.locator(`[name="${name}"]`).fill(value);

  /** Presses the button with these words, and waits for the page that comes of it. */
  async press(key, values) {
    const button = this.page.getByRole("main").getByRole("button", { name: this.say(key, values), exact: true });
    await this.#going(() => button.first().click());
  }

  async follow(key) {
    await this.#going(() => this.page.getByRole("link", { name: this.say(key), exact: true }).first().click());
  }

  async signOut() {
    const button = this.page.getByRole("banner").getByRole("button", { name: this.say("page-sign-out") });
    await this.#going(() => button.click());
    await this.sees("flash-signed-out");
  }

  async #going(act) {
    await Promise.all([this.page.waitForEvent("domcontentloaded"), act()]);
  }

  /** The page says this. */
  async sees(key, values) {
    const text = await this.page.getByRole("main").innerText();
    const wanted = this.say(key, values);
    assert.ok(text.includes(wanted), `“${wanted}” is not on ${this.path}:\n${text}`);
  }

  async isAt(path) {
    assert.equal(this.path, path, await this.page.getByRole("main").innerText());
  }

  hasSession = async () =>
    (await this.page.context().cookies()).some((cookie) => cookie.name === "sekisho_session");

  /** Keeps a picture of the page, and finds nothing wrong with it. */
  async look(name) {
    const { language, size, scheme, script = true } = this.look_;
    const folder = [language, size, scheme, ...(script ? [] : ["no-script"])].join("-");
    this.#seen += 1;
    const file = `${String(this.#seen).padStart(2, "0")}-${name}.png`;
    await this.page.screenshot({ path: `${SCREENSHOTS}${folder}/${file}`, fullPage: true });
    const wide = await this.page.evaluate("document.documentElement.scrollWidth - innerWidth");
    assert.ok(wide <= 0, `${name} is ${wide} px wider than the window`);
    if (script) await this.#isAccessible(name);
    assert.deepEqual(this.complaints, [], `what the browser says about ${name}`);
  }

  async #isAccessible(name) {
    await this.page.evaluate(AXE);
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const { violations, passes } = await this.page.evaluate(
      (values) => globalThis.axe.run({ runOnly: { type: "tag", values } }), tags);
    assert.ok(passes.length > 10, "axe has looked");
    const grave = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
    const told = grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
    assert.deepEqual(told, [], `axe about ${name}`);
  }

  close = () => this.page.context().close();
}
