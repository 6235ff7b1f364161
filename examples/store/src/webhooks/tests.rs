#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::things::{Card, From, Payment};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

async fn shop(folder: &std::path::Path) -> Arc<Shop> {
    let shop = Shop::open(crate::Settings {
        data: folder.to_owned(),
        listen: "127.0.0.1:0".parse().unwrap(),
        public_url: String::new(),
        sekisho: "http://127.0.0.1:9".to_owned(),
        client_id: String::new(),
        client_secret: String::new(),
        key: String::new(),
        webhook_secret: SECRET.to_owned(),
        decision_timeout_ms: 1,
        backstage: false,
    });
    let shop = shop.await.unwrap();
    let card = Card {
        id: "pm_1".to_owned(),
        member: "acc_1".to_owned(),
        kind: "credit_card".to_owned(),
        last4: "4242".to_owned(),
        added_at: 0,
    };
    let payment = Payment {
        id: "pay_1".to_owned(),
        amount: 5_000,
        captured: true,
        disputed: false,
        refunds: std::collections::BTreeMap::new(),
    };
    let order = Order {
        id: "o-1".to_owned(),
        member: "acc_1".to_owned(),
        placed_at: 0,
        lines: Vec::new(),
        address: None,
        card,
        card_reentered: false,
        parcels: Vec::new(),
        payment,
        held: false,
        decision: None,
        verdict: String::new(),
        from: From::default(),
    };
    shop.book.put(&order).await.unwrap();
    shop
}

/// A hold of `o-1` as Sekisho sends it, `late` seconds ago.
fn signed(shop: &Shop, late: i64) -> (HeaderMap, Bytes) {
    let body =
        Bytes::from_static(b"{\"type\":\"order.hold_requested\",\"data\":{\"order_id\":\"o-1\"}}");
    let at = shop.clock.now().as_second() - late;
    let signature = Webhook::new(SECRET).unwrap().sign("msg_1", at, &body).unwrap();
    let mut headers = HeaderMap::new();
    headers.insert("webhook-id", "msg_1".parse().unwrap());
    headers.insert("webhook-timestamp", at.to_string().parse().unwrap());
    headers.insert("webhook-signature", signature.parse().unwrap());
    (headers, body)
}

async fn status(shop: &Arc<Shop>, headers: HeaderMap, body: Bytes) -> StatusCode {
    hear(State(Arc::clone(shop)), headers, body).await.unwrap().status()
}

async fn is_held(shop: &Shop) -> bool {
    shop.book.one::<Order>("o-1").await.unwrap().held
}

#[tokio::test]
async fn t13_a_replay_has_no_effect_and_a_flipped_bit_or_an_old_message_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path()).await;
    let (headers, body) = signed(&shop, 0);
    let mut flipped = body.to_vec();
    if let Some(last) = flipped.iter_mut().rev().nth(3) {
        *last ^= 1;
    }
    let refused = StatusCode::UNAUTHORIZED;
    assert_eq!(status(&shop, headers.clone(), flipped.into()).await, refused);
    let (old, same) = signed(&shop, 301);
    assert_eq!(status(&shop, old, same).await, refused);
    assert!(!is_held(&shop).await);
    assert_eq!(status(&shop, headers.clone(), body.clone()).await, StatusCode::OK);
    assert!(is_held(&shop).await);
    let let_go = |order: &mut Order, _: &mut Writing| {
        order.held = false;
        Ok(())
    };
    shop.book.change("o-1", let_go).await.unwrap();
    assert_eq!(status(&shop, headers, body).await, StatusCode::OK);
    assert!(!is_held(&shop).await, "the same message again does nothing");
}
