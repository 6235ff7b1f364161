//! Events as a store would send them.

use serde_json::{Value, json};

/// An event being told.
#[derive(Clone)]
pub(crate) struct Told(pub(crate) Value);

/// The browser at home.
const BROWSER: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 \
                       (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36";

/// A successful sign-in of `account`, with an id of its own.
pub(crate) fn login(account: &str) -> Told {
    Told(json!({
        "event_id": format!("login-{account}"), "type": "login", "status": "succeeded",
        "occurred_at": "2026-06-03T21:04:05+09:00",
        "account": { "id": account, "email": format!("{account}@example.jp") },
        "context": { "ip": "203.0.113.7", "user_agent": BROWSER },
        "credential": { "kind": "password" },
    }))
}

/// An order of `account`.
pub(crate) fn order(account: &str) -> Told {
    Told(json!({
        "event_id": format!("order-{account}"), "type": "order.placed", "status": "attempted",
        "occurred_at": "2026-06-03T21:10:00+09:00",
        "account": { "id": account },
        "context": { "ip": "203.0.113.7", "user_agent": BROWSER },
        "order": {
            "id": "o-9", "amount": 420_000, "currency": "JPY",
            "lines": [{ "sku": "B00", "title": "Camera", "category": "camera", "quantity": 1,
                        "unit_amount": 420_000, "kind": "physical" }],
            "payment": { "kind": "credit_card", "fingerprint": "fp_1", "stored": true },
        },
    }))
}

impl Told {
    /// The same under another event id.
    pub(crate) fn id(self, id: &str) -> Self {
        self.with("/event_id", id)
    }

    /// The same with another value at `pointer`.
    pub(crate) fn with(mut self, pointer: &str, value: impl Into<Value>) -> Self {
        let (parent, field) = pointer.rsplit_once('/').unwrap();
        self.0.pointer_mut(parent).unwrap()[field] = value.into();
        self
    }
}
