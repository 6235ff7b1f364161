// A customer of a store with its own sign-in proves one act, and comes back.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Server } from "./server.js";
import { Visitor, nameOf, startBrowser } from "./visitor.js";
import { newMail } from "./ways.js";

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([Server.start(), startBrowser()]);
});
after(() => Promise.all([browser?.close(), server?.stop()]));

const HOWS = [
  { language: "ja", size: "phone", scheme: "light" },
  { language: "en", size: "desktop", scheme: "dark" },
  { language: "ja", size: "desktop", scheme: "light", script: false },
];

for (const how of HOWS) {
  test(`r42 a customer proves one act for a store (${nameOf(how)})`, async () => {
    const [visitor, email] = [await Visitor.at(browser, server, how), newMail()];
    const action = "注文 o-1001（12,000円）を確定する";
    // A page of ours stands in for the store's.
    const return_url = `${server.url}/official-senders`;
    const wanted = { account_id: `u-${email}`, action, return_url, email };
    const challenge = await server.call("/v1/challenges", wanted);
    await visitor.open(challenge.url);
    assert.ok((await visitor.page.getByRole("main").innerText()).includes(action));
    await visitor.look("challenge");
    await visitor.press("hosting-button");
    await visitor.look("challenge-prove");
    await visitor.fill("answer", await server.code(email));
    const back = visitor.page.waitForURL("**/official-senders?*");
    await Promise.all([back, visitor.press("prove-button")]);
    const carried = new URL(visitor.page.url()).searchParams;
    assert.equal(carried.get("challenge"), challenge.id);
    const spending = { code: carried.get("code"), action };
    const { result } = await server.call(`/v1/challenges/${challenge.id}/spend`, spending);
    assert.equal(result.split(".").length, 3);

    await visitor.open(challenge.url);
    await visitor.sees("hosting-over");
    await visitor.look("challenge-over");
    await visitor.close();
  });
}
