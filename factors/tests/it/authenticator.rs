//! A passkey in software: P-256, no attestation, with dials for everything that can be wrong.

use std::cell::Cell;
use std::rc::Rc;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use uuid::Uuid;

#[derive(Clone)]
pub(crate) struct Authenticator {
    pub(crate) id: Vec<u8>,
    pub(crate) rp_id: String,
    pub(crate) verifies: bool,
    pub(crate) is_synced: bool,
    origin: String,
    key: Rc<EcdsaKeyPair>,
    counter: Cell<u32>,
}

fn chance() -> SystemRandom {
    #[expect(clippy::disallowed_methods, reason = "a device has chance of its own")]
    SystemRandom::new()
}

impl Authenticator {
    pub(crate) fn new(origin: &str) -> Self {
        let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let key = EcdsaKeyPair::generate_pkcs8(algorithm, &chance()).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(algorithm, key.as_ref(), &chance()).unwrap();
        let mut id = vec![0; 16];
        chance().fill(&mut id).unwrap();
        Self {
            id,
            rp_id: "shop.example".to_owned(),
            verifies: true,
            is_synced: false,
            origin: origin.to_owned(),
            key: Rc::new(key),
            counter: Cell::new(0),
        }
    }

    /// The same device, lured to another place.
    pub(crate) fn at(&self, origin: &str) -> Self {
        Self { origin: origin.to_owned(), ..self.clone() }
    }

    pub(crate) fn count(&self, counter: u32) {
        self.counter.set(counter);
    }

    pub(crate) fn id_text(&self) -> String {
        BASE64.encode(&self.id)
    }

    /// What `navigator.credentials.create` gives for these options.
    pub(crate) fn create(&self, options: &Value) -> Value {
        let mut data = self.data(0x40);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend(self.public_key());
        // {"fmt": "none", "attStmt": {}, "authData": data} in canonical CBOR
        let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        attestation.push(u8::try_from(data.len()).unwrap());
        attestation.extend(data);
        let response = json!({
            "clientDataJSON": self.client_data("webauthn.create", options),
            "attestationObject": BASE64.encode(attestation),
        });
        self.credential(&response)
    }

    /// What `navigator.credentials.get` gives for these options.
    pub(crate) fn get(&self, options: &Value, handle: Uuid) -> Value {
        let client_data = self.client_data("webauthn.get", options);
        let data = self.data(0);
        let mut signed = data.clone();
        signed.extend(sha256(&BASE64.decode(&client_data).unwrap()));
        let signature = self.key.sign(&chance(), &signed).unwrap();
        let response = json!({
            "clientDataJSON": client_data,
            "authenticatorData": BASE64.encode(data),
            "signature": BASE64.encode(signature),
            "userHandle": BASE64.encode(handle.as_bytes()),
        });
        self.credential(&response)
    }

    fn credential(&self, response: &Value) -> Value {
        let id = self.id_text();
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response,
            "extensions": {} })
    }

    fn client_data(&self, kind: &str, options: &Value) -> String {
        let data = json!({ "type": kind, "challenge": options["challenge"],
            "origin": self.origin, "crossOrigin": false });
        BASE64.encode(data.to_string())
    }

    /// rpIdHash, flags (UP, UV, BE, BS) and counter.
    fn data(&self, more_flags: u8) -> Vec<u8> {
        let verified = if self.verifies { 0x04 } else { 0 };
        let synced = if self.is_synced { 0x18 } else { 0 };
        let mut data = sha256(self.rp_id.as_bytes()).to_vec();
        data.push(0x01 | verified | synced | more_flags);
        data.extend(self.counter.get().to_be_bytes());
        data
    }

    /// COSE: {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}
    fn public_key(&self) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        let mut cose = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 32];
        cose.extend(x);
        cose.extend([0x22, 0x58, 32]);
        cose.extend(y);
        cose
    }
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    ring::digest::digest(&ring::digest::SHA256, bytes).as_ref().try_into().unwrap()
}
