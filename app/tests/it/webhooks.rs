//! Webhooks out, over real HTTP: the receiver is the `standardwebhooks` library (T13).

mod receiver;
mod sending;

use std::time::Duration;

use domain::time::{DAY, HOUR, MINUTE, Micros, SECOND};
use sekisho::config::Source;
use sekisho::webhooks::{Allowed, Patience, TRIES_MAX};
use serde_json::{Value, json};
use standardwebhooks::Webhook;

use crate::support::{Server, order};
use receiver::{Receiver, Reply};
use sending::Sending;

#[tokio::test]
async fn t13_the_standard_library_takes_our_signature_and_refuses_a_changed_body() {
    let (sending, receiver) = Sending::to_a_receiver(&[Reply::Status(204)]).await;
    sending.write(&["msg_1"]).await;
    assert_eq!(sending.courier.pass().await.unwrap(), 1);

    let heard = receiver.heard();
    let library = Webhook::new(&sending.secret_text()).unwrap();
    assert!(library.verify(&heard[0].body, &heard[0].headers).is_ok());
    assert_eq!(heard[0].headers["webhook-id"], "msg_1");
    assert_eq!(heard[0].headers["content-type"], "application/json");

    let mut changed = heard[0].body.clone();
    changed[3] ^= 1;
    assert!(library.verify(&changed, &heard[0].headers).is_err(), "a flipped bit");
    let mut replayed = heard[0].headers.clone();
    replayed.insert("webhook-id", "msg_2".parse().unwrap());
    assert!(library.verify(&heard[0].body, &replayed).is_err(), "another id");
    let stranger = Webhook::from_bytes(vec![9; 32]).unwrap();
    assert!(stranger.verify(&heard[0].body, &heard[0].headers).is_err(), "another secret");
    assert_eq!(sending.waiting().await, None);
}

#[tokio::test]
async fn while_a_key_rotates_both_secrets_verify_and_afterwards_the_new_one_alone() {
    let (sending, receiver) = Sending::to_a_receiver(&[]).await;
    let old = Webhook::new(&sending.secret_text()).unwrap();
    let new = Webhook::new(&sending.rotate(SECOND).await).unwrap();
    sending.write(&["msg_1"]).await;
    sending.courier.pass().await.unwrap();
    sending.later(2 * SECOND);
    sending.write(&["msg_2"]).await;
    sending.courier.pass().await.unwrap();

    let heard = receiver.heard();
    let verified =
        |library: &Webhook, at: usize| library.verify(&heard[at].body, &heard[at].headers).is_ok();
    assert_eq!([verified(&old, 0), verified(&new, 0)], [true, true]);
    assert_eq!([verified(&old, 1), verified(&new, 1)], [false, true]);
}

#[tokio::test]
async fn a_receiver_that_fails_and_then_recovers_gets_the_same_message_again() {
    let replies = [Reply::Status(500), Reply::Never, Reply::Hangup, Reply::Status(200)];
    let (sending, receiver) = Sending::to_a_receiver(&replies).await;
    sending.write(&["msg_1"]).await;
    for failures in 1..=3 {
        assert_eq!(sending.courier.pass().await.unwrap(), 1);
        assert_eq!(sending.courier.pass().await.unwrap(), 0, "not before it is due");
        assert!(sending.waiting().await.is_some(), "after {failures} failures");
        sending.later(12 * HOUR);
    }
    assert_eq!(sending.courier.pass().await.unwrap(), 1);
    assert_eq!(sending.waiting().await, None);
    let ids: Vec<_> =
        receiver.heard().iter().map(|one| one.headers["webhook-id"].clone()).collect();
    assert_eq!(ids, ["msg_1"; 4]);
}

#[tokio::test]
async fn when_nobody_listens_the_message_waits() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = nobody.local_addr().unwrap();
    drop(nobody);
    let sending = Sending::to(&format!("http://{address}/"), &address.to_string()).await;
    sending.write(&["msg_1"]).await;
    sending.courier.pass().await.unwrap();
    let due = sending.waiting().await.unwrap();
    assert!((4 * SECOND..=6 * SECOND).contains(&due.since(sending.now())));
}

#[tokio::test]
async fn a_receiver_that_asks_for_time_is_given_it() {
    let (sending, _receiver) = Sending::to_a_receiver(&[Reply::Busy("7200")]).await;
    sending.write(&["msg_1"]).await;
    sending.courier.pass().await.unwrap();
    assert_eq!(sending.waiting().await.unwrap().since(sending.now()), 2 * HOUR);
}

#[tokio::test]
async fn after_ten_tries_a_message_is_a_dead_letter_that_can_be_sent_again() {
    let mut replies = vec![Reply::Status(503); usize::try_from(TRIES_MAX).unwrap()];
    replies.push(Reply::Status(200));
    let (sending, receiver) = Sending::to_a_receiver(&replies).await;
    sending.write(&["msg_1"]).await;
    let began = sending.now();
    while let Some(due) = sending.waiting().await {
        sending.later(due.since(sending.now()).max(0));
        sending.courier.pass().await.unwrap();
    }
    let took = sending.now().since(began);
    assert!((2 * DAY + 12 * HOUR..4 * DAY).contains(&took), "{} h", took / HOUR);
    assert_eq!(receiver.heard().len(), 10);

    let dead = sending.courier.store.dead_letters(10, None).await.unwrap();
    assert_eq!(dead.len(), 1);
    assert_eq!((dead[0].message.as_str(), dead[0].last_status), ("msg_1", Some(503)));
    assert!(sending.courier.store.resend_dead_letter(dead[0].id, sending.now()).await.unwrap());
    assert_eq!(sending.courier.pass().await.unwrap(), 1);
    assert_eq!(receiver.heard()[10].headers["webhook-id"], "msg_1");
    assert!(sending.courier.store.dead_letters(10, None).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_sent_no_more() {
    let (sending, receiver) = Sending::to_a_receiver(&[Reply::Status(410)]).await;
    sending.write(&["msg_1"]).await;
    sending.courier.pass().await.unwrap();
    sending.write(&["msg_2"]).await;
    sending.later(3 * DAY);
    assert_eq!(sending.courier.pass().await.unwrap(), 0);
    assert_eq!(receiver.heard().len(), 1);
    let endpoint = sending.courier.store.endpoints().await.unwrap().remove(0);
    assert!(endpoint.disabled.is_some());
    assert_eq!(sending.courier.store.dead_letters(10, None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_redirect_is_a_failure_and_is_not_followed() {
    let elsewhere = Receiver::start(&[]).await;
    let redirect = Reply::Redirect(elsewhere.url());
    let (sending, receiver) = Sending::to_a_receiver(&[redirect]).await;
    sending.write(&["msg_1"]).await;
    sending.courier.pass().await.unwrap();
    assert_eq!((receiver.heard().len(), elsewhere.heard().len()), (1, 0));
    assert!(sending.waiting().await.is_some());
}

#[tokio::test]
async fn a_target_inside_is_never_connected_to() {
    let receiver = Receiver::start(&[]).await;
    let port = receiver.address.port();
    for url in [
        format!("http://127.0.0.1:{port}/"),
        format!("https://127.0.0.1:{port}/"),
        format!("https://[::ffff:127.0.0.1]:{port}/"),
        format!("https://localhost:{port}/"),
        format!("https://user:word@localhost:{port}/"),
    ] {
        let sending = Sending::to(&url, "").await;
        sending.write(&["msg_1"]).await;
        assert_eq!(sending.courier.pass().await.unwrap(), 1);
        assert!(sending.waiting().await.is_some(), "{url}");
    }
    assert_eq!(receiver.connections(), 0);
}

#[tokio::test]
async fn an_endless_answer_is_not_read_to_its_end() {
    let (sending, _receiver) = Sending::to_a_receiver(&[Reply::Endless]).await;
    sending.write(&["msg_1"]).await;
    sending.courier.pass().await.unwrap();
    assert_eq!(sending.waiting().await, None, "its status was 200");
}

#[tokio::test]
async fn what_a_dead_node_had_claimed_is_delivered_by_another_and_nothing_else_is() {
    let (sending, receiver) = Sending::to_a_receiver(&[]).await;
    let committed = ["msg_1", "msg_2", "msg_3"];
    sending.write(&committed).await;
    sending.write_stale(&["msg_never"]).await;
    let store = &sending.courier.store;
    let lease = sending.now().plus(MINUTE);
    let claimed = store.claim_deliveries(sending.now(), lease, 2).await.unwrap();
    assert_eq!(claimed.len(), 2, "and then that node dies");

    assert_eq!(sending.courier.pass().await.unwrap(), 1, "what it had not claimed");
    sending.later(MINUTE);
    assert_eq!(sending.courier.pass().await.unwrap(), 2);
    let mut ids: Vec<String> = receiver.heard().iter().map(receiver::Heard::id).collect();
    ids.sort();
    assert_eq!(ids, committed);
    assert_eq!(sending.waiting().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_receiver_does_not_hold_the_others() {
    let slow = Receiver::start(&vec![Reply::Never; 64]).await;
    let fast = Receiver::start(&[]).await;
    let allowed = format!("{},{}", slow.address, fast.address);
    let sending = Sending::to(&slow.url(), &allowed).await;
    let sending = sending.with_patience(Duration::from_mins(1), &allowed);
    let fast_endpoint = sending.subscribe(&fast.url()).await;
    let ids: Vec<String> = (0..40).map(|number| format!("msg_{number}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    sending.write(&ids).await;
    sending.write_to(fast_endpoint, &ids).await;
    let (stop, running) = sending.run();
    fast.heard_at_least(40).await;
    assert!(slow.heard().len() <= 8, "no more than its share is under way");
    running.abort();
    drop(stop);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_waits_for_what_is_under_way_and_begins_nothing_new() {
    let receiver = Receiver::start(&[Reply::AfterBell]).await;
    let sending = Sending::to(&receiver.url(), &receiver.address.to_string()).await;
    let store = sending.courier.store.clone();
    sending.write(&["msg_1"]).await;
    let (stop, running) = sending.run();
    receiver.heard_at_least(1).await;
    stop.send_replace(true);
    assert!(!running.is_finished());
    receiver.bell();
    running.await.unwrap();
    assert_eq!(store.next_delivery_due().await.unwrap(), None, "it was settled before the end");
}

#[test]
fn limits_are_sound() {
    let patience = Patience::default();
    let lease = sekisho::webhooks::Limits::default().lease;
    assert!(i64::try_from(patience.answer.as_micros()).unwrap() < lease, "a try ends in its lease");
    assert!(Allowed::read("").is_ok());
    assert_eq!(Micros(0).plus(lease), Micros(MINUTE));
}

#[tokio::test]
async fn what_an_owner_confirms_is_let_go_and_told_once() {
    let receiver = Receiver::start(&[]).await;
    let allowed = receiver.address.to_string();
    let mut server =
        Server::start_with(|said| said.with("webhooks-allow", &allowed, Source::Flag)).await;
    server
        .judge_by(
            "name = 'held'\ndefault = 'allow'\n[[rule]]\nname = 'every-order'\n\
             when = \"event.type == 'order.placed'\"\nverdict = 'review'\n\
             obligations = ['hold_fulfillment', 'restrict:stored_card']\n",
        )
        .await;
    let types = ["order.hold_requested", "order.released", "account.released"];
    let hook = json!({ "url": receiver.url(), "types": types });
    server.post("/v1/webhooks", &hook).await.good();
    let decided = server.decide(order("u-1")).await.good();
    let path = format!("/v1/decisions/{}/outcome", decided["decision_id"].as_str().unwrap());
    for outcome in ["challenge_passed", "confirmed_owner", "confirmed_owner"] {
        let told = json!({ "outcome": outcome, "source": "desk" });
        server.post(&path, &told).await.good();
    }
    // Another hold comes after whatever the second confirmation might have told.
    server.decide(order("u-2").with("/order/id", "o-other")).await.good();
    receiver.heard_at_least(4).await;
    let mut heard: Vec<(String, String)> = Vec::new();
    for one in receiver.heard() {
        let body: Value = serde_json::from_slice(&one.body).unwrap();
        let about = ["order_id", "account_id"].map(|name| body["data"][name].as_str());
        let about = about.into_iter().flatten().next().unwrap();
        heard.push((body["type"].as_str().unwrap().to_owned(), about.to_owned()));
    }
    heard.sort();
    let placed = order("u-1").0["order"]["id"].as_str().unwrap().to_owned();
    let expected = [
        ("account.released", "u-1"),
        ("order.hold_requested", placed.as_str()),
        ("order.hold_requested", "o-other"),
        ("order.released", placed.as_str()),
    ];
    let mut expected = expected.map(|(kind, about)| (kind.to_owned(), about.to_owned()));
    expected.sort();
    assert_eq!(heard, expected);
}
