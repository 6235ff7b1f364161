"""Authlib against a running provider: what it accepts, and what both sides refuse."""

import os
import time
from urllib.parse import parse_qs, urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
ISSUER, BACK = os.environ["ISSUER"], os.environ["REDIRECT_URI"]
CLIENT_ID, SECRET = os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"]
COOKIE = {"cookie": os.environ["COOKIE"]}
META = requests.get(f"{ISSUER}/.well-known/openid-configuration", timeout=30).json()
KEYS = KeySet.import_key_set(requests.get(META["jwks_uri"], timeout=30).json())


def session(secret=SECRET, method="client_secret_basic"):
    return OAuth2Session(
        CLIENT_ID, secret, token_endpoint_auth_method=method, redirect_uri=BACK,
        scope="openid email offline_access", code_challenge_method="S256",
    )


def begin(client, verifier, nonce="n-1", **more):
    url, state = client.create_authorization_url(
        META["authorization_endpoint"], code_verifier=verifier, nonce=nonce, **more
    )
    answer = requests.get(url, headers=COOKIE, allow_redirects=False, timeout=30)
    return answer.headers.get("location"), state


def redeem(client, location, state, verifier):
    return client.fetch_token(
        META["token_endpoint"], authorization_response=location, state=state, code_verifier=verifier
    )


def validated(id_token, keys=KEYS, nonce="n-1", now=None):
    token = jwt.decode(id_token, keys, algorithms=["RS256", "ES256"])
    jwt.JWTClaimsRegistry(
        now=now, leeway=30,
        iss={"essential": True, "value": ISSUER}, aud={"essential": True, "value": CLIENT_ID},
        nonce={"essential": True, "value": nonce}, exp={"essential": True},
    ).validate(token.claims)
    return token.claims


def refuses(call, what):
    try:
        call()
    except Exception as error:  # whatever the library raises must be a refusal
        assert what in f"{type(error).__name__} {error}", f"{what!r} in {error!r}"
        return
    raise AssertionError(f"not refused: {what}")


for method in ("client_secret_basic", "client_secret_post"):
    verifier, client = generate_token(64), session(method=method)
    location, state = begin(client, verifier)
    token = redeem(client, location, state, verifier)
    claims = validated(token["id_token"])
    assert claims["sub"] == "u-1" and claims["amr"] == ["pwd"]
    assert client.get(META["userinfo_endpoint"]).json()["email"] == "u-1@example.jp"
    first = token["refresh_token"]
    fresh = client.refresh_token(META["token_endpoint"], refresh_token=first)
    assert fresh["refresh_token"] != first

# Refresh reuse takes the family back.
refuses(lambda: session().refresh_token(META["token_endpoint"], refresh_token=first), "invalid_grant")
refuses(
    lambda: session().refresh_token(META["token_endpoint"], refresh_token=fresh["refresh_token"]),
    "invalid_grant",
)
# A code a second time, with another verifier, of a client with a wrong secret.
refuses(lambda: redeem(session(), location, state, verifier), "invalid_grant")
client = session()
location, state = begin(client, verifier)
refuses(lambda: redeem(client, location, state, generate_token(64)), "invalid_grant")
refuses(lambda: redeem(session("cs_wrong"), location, state, verifier), "invalid_client")
# A tampered state, no PKCE, PKCE downgraded.
refuses(lambda: redeem(session(), location, "other", verifier), "MismatchingState")
plain = OAuth2Session(CLIENT_ID, SECRET, redirect_uri=BACK, scope="openid")
location, _ = begin(plain, None)
assert parse_qs(urlsplit(location).query)["error"] == ["invalid_request"]
location, _ = begin(plain, None, code_challenge=verifier, code_challenge_method="plain")
assert parse_qs(urlsplit(location).query)["error"] == ["invalid_request"]

# What a client must refuse of a token: nonce, clock, algorithm, key, content.
good = token["id_token"]
head, body, mark = good.split(".")
refuses(lambda: validated(good, nonce="other"), "nonce")
refuses(lambda: validated(good, now=int(time.time()) + 3600), "expired")
validated(good, now=int(time.time()) - 20)
refuses(lambda: validated(f"eyJhbGciOiJub25lIn0.{body}."), "")
refuses(lambda: validated(good, keys=ECKey.generate_key("P-256")), "BadSignature")
refuses(lambda: validated(f"{head}.{body[:-4]}AAAA.{mark}"), "")
print("authlib: all held")
