//! The cards that a store has told of, as their owner meets them.

use sekisho::config::Source;
use sekisho::time::show;
use sekisho::world::World;
use serde_json::{Value, json};

use super::members::{FAMILIES, import, sign_in};
use super::{Browser, Server, shop, shop_with};

const MAIL: &str = "hanako@example.jp";

/// A member of whom the store has told nothing yet, signed in.
async fn owner(server: &Server) -> Browser {
    let (password, hash) = FAMILIES[0];
    import(server, &[json!({ "account_id": "u-1", "email": MAIL, "password_hash": hash })]);
    sign_in(server, MAIL, password).await
}

async fn tell(server: &Server, days_ago: i64, event: Value) {
    let at = World::real().now().plus(-days_ago * domain::time::DAY);
    let mut told = json!({
        "event_id": format!("{days_ago}-{}", event["type"]), "occurred_at": show(at),
        "status": "succeeded", "account": { "id": "u-1" },
    });
    told.as_object_mut().unwrap().extend(event.as_object().unwrap().clone());
    server.post("/v1/events", &told).await.good();
}

fn card(what: &str, token: &str, last4: &str) -> Value {
    json!({ "type": format!("payment_method.{what}"),
            "payment": { "kind": "credit_card", "token": token, "last4": last4 } })
}

/// What the check-up says of the four points, in their order.
fn check_up(browser: &Browser) -> Vec<&str> {
    let list = browser.between("<h2>四つの点検</h2>", "</ul>");
    let say = |item: &'static str| move |point: &&str| point.contains(item);
    let words = ["できています", "確認済みにする", "見直しましょう"];
    list.split("<li")
        .skip(1)
        .filter_map(|point| words.into_iter().find(|word| say(word)(&point)))
        .collect()
}

#[tokio::test]
async fn r64_a_store_that_tells_nothing_of_cards_leaves_the_point_to_the_owner() {
    let server = shop().await;
    let mut browser = owner(&server).await;
    assert!(browser.html.contains("からの知らせはまだありません"), "{}", browser.html);
    assert!(browser.html.contains("お支払い方法の画面でできます"));
    assert_eq!(check_up(&browser)[1], "確認済みにする");
    browser.send("/security/check-up", &[("point", "cards")]).await;
    assert_eq!(check_up(&browser)[1], "できています");

    let paid = json!({ "type": "order.placed", "order": { "id": "o-1", "amount": 1, "currency": "JPY",
        "payment": { "kind": "credit_card", "token": "pm_guest", "stored": false } } });
    tell(&server, 1, paid).await;
    browser.open("/security").await;
    assert!(browser.html.contains("からの知らせはまだありません"), "a guest's card is not stored");
}

#[tokio::test]
async fn r54_four_cards_are_listed_with_advice_and_the_way_to_delete_them() {
    let page = "https://shop.example/wallet?from=sekisho&lang=ja";
    let server = shop_with(|said| said.with("store-cards-url", page, Source::Flag)).await;
    let mut browser = owner(&server).await;
    tell(&server, 400, card("added", "pm_1", "4242")).await;
    let debit = json!({ "type": "payment_method.added",
        "payment": { "kind": "debit_card", "token": "pm_2", "last4": "1881" } });
    tell(&server, 300, debit).await;
    tell(&server, 200, card("added", "pm_3", "<b>3")).await;
    tell(&server, 90, card("added", "pm_4", "0005")).await;
    let asked = Value::from("attempted");
    let mut attempted = card("added", "pm_5", "7777");
    attempted["status"] = asked;
    tell(&server, 80, attempted).await;
    let later = json!({ "type": "payment_method.added",
        "payment": { "kind": "pay_later", "token": "pm_6" } });
    tell(&server, 70, later).await;
    let paid = json!({ "type": "order.placed", "order": { "id": "o-1", "amount": 1, "currency": "JPY",
        "payment": { "kind": "credit_card", "token": "pm_1", "stored": true } } });
    tell(&server, 3, paid).await;

    browser.open("/security").await;
    let list = browser.between("<h2 id=\"cards\">", "<h2>").to_owned();
    assert!(list.contains("カードが4枚登録されています"), "{list}");
    assert!(list.contains("クレジットカード 末尾4242") && list.contains("デビットカード 末尾1881"));
    assert!(!list.contains("7777") && !list.contains("<b>3"), "{list}");
    assert_eq!(list.matches("180日以上ご利用がありません").count(), 2, "{list}");
    assert_eq!(list.matches("最後のご利用：").count(), 1, "{list}");
    let link = "<a href=\"https://shop.example/wallet?from=sekisho&amp;lang=ja\">";
    assert!(list.contains(link), "{list}");
    assert_eq!(check_up(&browser)[1], "見直しましょう");
    browser.send("/security/check-up", &[("point", "cards")]).await;
    assert_eq!(check_up(&browser)[1], "見直しましょう", "there is still something to delete");

    for (days, token) in [(2, "pm_2"), (1, "pm_3"), (0, "pm_4")] {
        tell(&server, days, card("removed", token, "")).await;
    }
    browser.open("/security").await;
    assert_eq!(check_up(&browser)[1], "できています", "one card, in use, and looked at");
    let gone = card("removed", "pm_1", "").as_object_mut().map(|event| {
        event.insert("event_id".to_owned(), "last".into());
        Value::Object(event.clone())
    });
    tell(&server, 0, gone.unwrap()).await;
    browser.open("/security").await;
    assert!(browser.html.contains("登録されているカードはありません。"), "{}", browser.html);
    assert_eq!(check_up(&browser)[1], "できています");
}
