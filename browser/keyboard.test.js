// Every page by the keyboard alone (WCAG 2.2: 2.1.1, 2.4.3, 2.4.7, 2.4.11), and on a narrow screen
// (1.4.10).

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Server } from "./server.js";
import { Visitor, startBrowser } from "./visitor.js";
import { PASSWORD, newMail, register, turnTwoStepOn, signIn } from "./ways.js";

let server;
let browser;
let visitor;
const mail = newMail();
before(async () => {
  [server, browser] = await Promise.all([Server.start(), startBrowser()]);
  visitor = await Visitor.at(browser, server, { language: "ja", size: "phone", scheme: "light" });
});
after(() => Promise.all([browser?.close(), server?.stop()]));

/** What can be reached, in the order of the page. Of a group of radio buttons one would be. */
const reachable = () =>
  [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea")]
    .filter((element) => !element.disabled && element.checkVisibility({ visibilityProperty: true }));

/** What has the focus: its place among them, and whether it can be seen. */
const focused = (find) => {
  const element = document.activeElement;
  const place = new Function(`return (${find})()`)().indexOf(element);
  const style = getComputedStyle(element);
  const { top, bottom, left, right } = element.getBoundingClientRect();
  return {
    place,
    html: element.outerHTML.slice(0, 120),
    hasRing: style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2,
    isInView: top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth,
  };
};

async function goesRound(name) {
  const { page } = visitor;
  const count = await page.evaluate(`(${reachable})().length`);
  assert.ok(count > 4, `${name} has something to reach`);
  for (let place = 0; place < count; place += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(`(${focused})(${JSON.stringify(String(reachable))})`);
    assert.equal(at.place, place, `${name}: ${at.html} has the focus out of turn`);
    assert.ok(at.hasRing, `${name}: the focus on ${at.html} cannot be seen`);
    assert.ok(at.isInView, `${name}: ${at.html} has the focus and is out of view`);
  }
}

async function fitsNarrowScreen(name) {
  const size = visitor.page.viewportSize();
  await visitor.page.setViewportSize({ width: 320, height: 640 });
  const wide = await visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth");
  assert.ok(wide <= 0, `${name} is ${wide} px wider than 320`);
  await visitor.page.setViewportSize(size);
}

async function check(path) {
  await visitor.open(path);
  await goesRound(path);
  await fitsNarrowScreen(path);
}

test("the tab key reaches everything on every page, in order and in view", async () => {
  for (const path of ["/", "/official-senders", "/not-me", "/register", "/sign-in", "/nowhere"]) {
    await check(path);
  }
  await register(visitor, mail);
  for (const path of ["/security", "/security/password", "/security/contacts", "/security/two-step", "/security/passkeys"]) {
    await check(path);
  }
  await turnTwoStepOn(visitor);
  await check("/security");
  await visitor.signOut();
  await signIn(visitor, mail);
  await check(visitor.path);
});

test("a customer signs in and out by keys alone", async () => {
  const own = await Visitor.at(browser, server, { language: "en", size: "desktop", scheme: "dark" });
  const [{ page }, another] = [own, newMail()];
  await register(own, another);
  await own.signOut();
  await own.open("/sign-in");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(new URL(page.url()).hash, "#main", "the first key skips the frame");
  await page.keyboard.press("Tab");
  await page.keyboard.type(another);
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await Promise.all([page.waitForURL("**/security"), page.keyboard.press("Enter")]);
  await own.close();
});
