// What an intruder does, and how the owner's account comes through it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Server } from "./server.js";
import { Visitor, nameOf, startBrowser } from "./visitor.js";
import { PASSWORD, newMail, register, signIn, turnTwoStepOn } from "./ways.js";

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([Server.start(), startBrowser()]);
});
after(() => Promise.all([browser?.close(), server?.stop()]));

const HOWS = [
  { language: "ja", size: "phone", scheme: "light" },
  { language: "en", size: "desktop", scheme: "dark" },
  { language: "ja", size: "phone", scheme: "dark", script: false },
];

for (const how of HOWS) {
  const visitor = () => Visitor.at(browser, server, how);

  test(`r43 c8 guesses shut strangers out and not the owner's own device (${nameOf(how)})`, async () => {
    const [owner, stranger, mail] = [await visitor(), await visitor(), newMail()];
    await register(owner, mail);
    await owner.signOut();
    for (const guess of ["one guess after another", "two guesses after another", "three guesses"]) {
      await signIn(stranger, mail, guess);
      await stranger.sees("sign-in-wrong");
    }
    await signIn(stranger, mail);
    await stranger.sees("sign-in-nothing-to-prove-with");
    await stranger.look("restricted-stranger");
    assert.ok(!(await stranger.hasSession()));
    await signIn(owner, mail);
    await owner.isAt("/security");
    await owner.sees("standing-restricted-page");
    await owner.look("restricted-owner");
    await Promise.all([owner.close(), stranger.close()]);
  });

  test(`r57 a session that was ended elsewhere is dead (${nameOf(how)})`, async () => {
    const [owner, other, mail] = [await visitor(), await visitor(), newMail()];
    await register(owner, mail);
    await signIn(other, mail);
    await other.isAt("/security");
    await owner.open("/security");
    await owner.look("two-devices");
    await owner.press("security-end");
    await owner.sees("flash-sessions-ended");
    await other.open("/security");
    await other.isAt("/sign-in");
    await owner.open("/security");
    await owner.isAt("/security");
    await Promise.all([owner.close(), other.close()]);
  });

  test(`x8 the mailed code undoes a changed password (${nameOf(how)})`, async () => {
    const [owner, intruder, mail] = [await visitor(), await visitor(), newMail()];
    await register(owner, mail);
    await signIn(intruder, mail);
    await intruder.open("/security/password");
    await intruder.fill("password", "mine now, all of it");
    await intruder.press("security-save");
    await intruder.sees("flash-password-changed");
    await owner.open("/security");
    await owner.isAt("/sign-in");

    await owner.follow("page-not-me");
    await owner.look("not-me");
    await owner.fill("code", "0000-0000-0000-0000");
    await owner.press("not-me-button");
    await owner.sees("not-me-wrong");
    await owner.look("not-me-wrong");
    await owner.fill("code", await server.undoCode(mail));
    await owner.press("not-me-button");
    await owner.sees("not-me-restored");
    await owner.look("not-me-restored");
    await intruder.open("/security");
    await intruder.isAt("/sign-in");
    for (const password of ["mine now, all of it", PASSWORD]) {
      await signIn(intruder, mail, password);
      await intruder.sees("sign-in-wrong");
    }

    const used = await server.code(mail);
    await owner.follow("not-me-set-password");
    await owner.look("reset");
    await resetPassword(owner, mail, used);
    await owner.look("reset-done");
    await signIn(owner, mail, "a whole new phrase to remember");
    await owner.isAt("/security");
    await Promise.all([owner.close(), intruder.close()]);
  });

  test(`a forgotten device is asked like a new one (${nameOf(how)})`, async () => {
    const [owner, other, mail] = [await visitor(), await visitor(), newMail()];
    await register(owner, mail);
    await signIn(other, mail);
    await other.isAt("/security");
    await owner.open("/security");
    await owner.look("devices");
    // The other one was seen last, and stands first.
    await owner.press("security-device-forget");
    await owner.sees("flash-device-forgotten");
    await owner.look("device-forgotten");
    await other.open("/security");
    await other.isAt("/sign-in");
    await Promise.all([owner.close(), other.close()]);
  });

  test(`r44 the owner lifts a restriction by one more proof (${nameOf(how)})`, async () => {
    // What was added counts after three days.
    const begins = new Date();
    const ahead = await Server.start({ "development-clock": begins.toISOString() });
    after(() => ahead.stop());
    const visitor = () => Visitor.at(browser, ahead, how);
    const [owner, stranger, mail] = [await visitor(), await visitor(), newMail()];
    await register(owner, mail);
    const { codes } = await turnTwoStepOn(owner);
    const at = new Date(begins.getTime() + 4 * 24 * 60 * 60 * 1_000).toISOString();
    await ahead.call("/v1/clock", { at }, await ahead.key("admin"));
    for (const guess of ["one guess after another", "two guesses after another", "three guesses"]) {
      await signIn(stranger, mail, guess);
    }
    await owner.open("/security");
    await owner.look("restricted-with-two-step");
    await owner.press("security-lift");
    await owner.press("prove-use-recovery-code");
    await owner.fill("answer", codes[1]);
    await owner.press("prove-button");
    await owner.sees("flash-released");
    await owner.look("restriction-lifted");
    await Promise.all([owner.close(), stranger.close()]);
  });
}

/** From the first page of a reset to the new password. */
async function resetPassword(owner, mail, used) {
  await owner.fill("login", mail);
  await owner.press("register-button");
  await owner.fill("answer", await server.code(mail, used));
  await owner.press("prove-button");
  await owner.look("reset-new");
  await owner.fill("password", "a whole new phrase to remember");
  await owner.press("security-save");
  await owner.sees("flash-password-changed");
  await owner.isAt("/sign-in");
}
