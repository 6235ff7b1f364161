// openid-client 6 against a running provider: what it accepts, and what both sides refuse.
import assert from "node:assert/strict";
import * as oidc from "openid-client";

const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, COOKIE } = process.env;
const insecure = { execute: [oidc.allowInsecureRequests] };
const discover = (secret, auth) =>
  oidc.discovery(new URL(ISSUER), CLIENT_ID, secret, auth, insecure);
const config = await discover(CLIENT_SECRET, oidc.ClientSecretBasic(CLIENT_SECRET));

async function begin(changes = {}) {
  const verifier = oidc.randomPKCECodeVerifier();
  const checks = { state: oidc.randomState(), nonce: oidc.randomNonce() };
  const parameters = {
    redirect_uri: REDIRECT_URI,
    scope: "openid email offline_access",
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...checks,
    ...changes,
  };
  for (const [name, value] of Object.entries(parameters)) if (!value) delete parameters[name];
  const url = oidc.buildAuthorizationUrl(config, parameters);
  const answer = await fetch(url, { redirect: "manual", headers: { cookie: COOKIE } });
  const location = answer.headers.get("location");
  return { verifier, checks, status: answer.status, location: location && new URL(location) };
}

const redeem = ({ location, verifier, checks }, changes = {}, by = config) =>
  oidc.authorizationCodeGrant(by, location, {
    pkceCodeVerifier: verifier,
    expectedState: checks.state,
    expectedNonce: checks.nonce,
    idTokenExpected: true,
    ...changes,
  });
const refuses = (promise, what) => assert.rejects(promise, what);

// Happy: code, ID token, userinfo, refresh, introspection, revocation.
const begun = await begin();
const tokens = await redeem(begun);
assert.equal(tokens.claims().sub, "u-1");
const who = await oidc.fetchUserInfo(config, tokens.access_token, "u-1");
assert.equal(who.email, "u-1@example.jp");
const fresh = await oidc.refreshTokenGrant(config, tokens.refresh_token);
assert.notEqual(fresh.refresh_token, tokens.refresh_token);
assert.equal((await oidc.tokenIntrospection(config, fresh.access_token)).active, true);
await oidc.tokenRevocation(config, fresh.refresh_token);
assert.equal((await oidc.tokenIntrospection(config, fresh.access_token)).active, false);

// The other way to show a secret.
const post = await discover(CLIENT_SECRET, oidc.ClientSecretPost(CLIENT_SECRET));
assert.ok((await redeem(await begin(), {}, post)).id_token);

// Hostile: what the provider refuses.
await refuses(redeem(begun), { error: "invalid_grant" });
await refuses(redeem(await begin(), { pkceCodeVerifier: oidc.randomPKCECodeVerifier() }), {
  error: "invalid_grant",
});
const wrong = await discover("cs_wrong", oidc.ClientSecretPost("cs_wrong"));
await refuses(redeem(await begin(), {}, wrong), { status: 401 });
for (const changes of [
  { code_challenge: null, code_challenge_method: null },
  { code_challenge_method: "plain" },
]) {
  const answer = await begin(changes);
  assert.equal(answer.location.searchParams.get("error"), "invalid_request");
}
for (const uri of ["/..", "#x", "?x=1"]) {
  const answer = await begin({ redirect_uri: REDIRECT_URI + uri });
  assert.equal(answer.status, 400);
  assert.equal(answer.location, null);
}
const again = await redeem(await begin());
const next = await oidc.refreshTokenGrant(config, again.refresh_token);
await refuses(oidc.refreshTokenGrant(config, again.refresh_token), { error: "invalid_grant" });
await refuses(oidc.refreshTokenGrant(config, next.refresh_token), { error: "invalid_grant" });

// Hostile: what the client refuses of an answer that was tampered with.
await refuses(redeem(await begin(), { expectedState: "other" }));
await refuses(redeem(await begin(), { expectedNonce: "other" }));
const mixed = await begin();
mixed.location.searchParams.set("iss", "https://evil.example");
await refuses(redeem(mixed));
const forged = async (change) => {
  const by = await discover(CLIENT_SECRET, oidc.ClientSecretBasic(CLIENT_SECRET));
  oidc.enableNonRepudiationChecks(by);
  by[oidc.customFetch] = async (...call) => {
    const answer = await fetch(...call);
    if (!String(call[0]).endsWith("/token")) return answer;
    const body = await answer.json();
    body.id_token = change(body.id_token.split("."));
    return Response.json(body);
  };
  return redeem(await begin(), {}, by);
};
const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const decode = (part) => JSON.parse(Buffer.from(part, "base64url"));
assert.ok(await forged((parts) => parts.join(".")), "untouched");
await refuses(forged(([, claims]) => `${encode({ alg: "none" })}.${claims}.`));
await refuses(forged(([head, claims, mark]) =>
  `${head}.${encode({ ...decode(claims), sub: "u-2" })}.${mark}`));
await refuses(forged(([head, claims, mark]) => `${head}.${claims}.${mark.split("").reverse().join("")}`));
console.log("openid-client: all held");
