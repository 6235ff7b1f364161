// What a customer does, in every language, size and colour scheme, and with JavaScript switched off.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Server } from "./server.js";
import { totp } from "./totp.js";
import { LOOKS, Visitor, nameOf, startBrowser } from "./visitor.js";
import { newMail, register, signIn, turnTwoStepOn } from "./ways.js";

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([Server.start(), startBrowser()]);
});
after(() => Promise.all([browser?.close(), server?.stop()]));

const WITHOUT_SCRIPT = [
  { language: "ja", size: "phone", scheme: "light", script: false },
  { language: "en", size: "desktop", scheme: "dark", script: false },
];

for (const how of [...LOOKS, ...WITHOUT_SCRIPT]) {
  test(`a customer joins, signs in, and turns two-step on and off (${nameOf(how)})`, async () => {
    const visitor = await Visitor.at(browser, server, how);
    const [mail, look] = [newMail(), (name) => visitor.look(name)];

    await visitor.open("/");
    await look("front");
    await visitor.open("/official-senders");
    await look("official-senders");
    const missing = await visitor.open("/nowhere");
    assert.equal(missing.status(), 404);
    await visitor.sees("refusal-not-found");
    await look("not-found");

    await register(visitor, mail, look);
    await look("security-new-member");
    await visitor.open("/security/contacts");
    await look("contacts");
    await visitor.signOut();
    await look("signed-out");

    await visitor.open("/security");
    await visitor.isAt("/sign-in");
    await look("sign-in");
    await signIn(visitor, mail, "not the right words");
    await visitor.sees("sign-in-wrong");
    await look("wrong-password");
    await signIn(visitor, mail);
    await visitor.isAt("/security");

    const { secret, codes } = await turnTwoStepOn(visitor, look);
    await look("security-two-step-on");
    await visitor.signOut();
    await signIn(visitor, mail);
    assert.match(visitor.path, /^\/prove\//);
    assert.ok(!(await visitor.hasSession()), "no session by a password alone");
    await look("prove-app");
    await visitor.fill("answer", "000000");
    await visitor.press("prove-button");
    await visitor.sees("prove-wrong", { count: 4 });
    await look("prove-app-wrong");
    // The step of the set-up is used up.
    await visitor.fill("answer", totp(secret, 1));
    await visitor.press("prove-button");
    await visitor.isAt("/security");
    await visitor.signOut();

    // The phone is lost.
    await signIn(visitor, mail);
    await visitor.press("prove-use-recovery-code");
    await look("prove-recovery-code");
    await visitor.fill("answer", codes[0]);
    await visitor.press("prove-button");
    await visitor.isAt("/security");
    await visitor.press("security-turn-off");
    await visitor.sees("flash-two-step-off");
    await visitor.open("/security/password");
    await look("password");
    await visitor.open("/mailbox");
    await look("mailbox");
    await visitor.close();
  });
}
