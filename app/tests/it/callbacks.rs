//! Call-backs from outside: who reported at the pages, the desk over the API, a telephone.

mod desk;
mod line;
mod provider;

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::Listener;
use desk::{Desk, FLAG, NUMBER};

#[tokio::test]
async fn r21_a_free_agent_rings_within_a_minute_and_the_time_is_measured() {
    let listener = Listener::start().await;
    let desk = Desk::calling_by(&listener, |said| said).await;
    desk.is_free("sato", 60).await;
    let mut reporter = desk.reporter("hanako@example.jp").await;
    assert!(reporter.html.contains("いますぐ"), "{}", reporter.html);
    let phrase = reporter.between("<span class=\"secret\">", "<").to_owned();
    assert_eq!(phrase.split(' ').count(), 4, "C11: {phrase}");
    reporter.send("/report/call", &[("number", NUMBER), ("when", "now")]).await;
    assert!(reporter.html.contains("申し込みを受け付けました"), "{}", reporter.html);
    let due = listener.first("callback.due").await;
    assert_eq!((&due["agent"], &due["ring"]), (&json!("sato"), &json!(1)));
    assert!(!due.to_string().contains("1234"), "ids alone: {due}");
    let call = desk.call(due["callback_id"].as_str().unwrap()).await;
    assert_eq!((&call["state"], &call["number"]), (&json!("dialling"), &json!("+819012345678")));
    assert!(call["first_ring_ms"].as_i64().unwrap() <= 60_000, "{call}");
    assert_eq!(call["phrase"], phrase, "both sides have the same words");
    let metrics = desk.server.get("/metrics").await.text;
    assert!(metrics.contains("sekisho_callback_first_ring_seconds_count 1"), "{metrics}");
    reporter.open("/report/call").await;
    assert!(reporter.html.contains("いまお電話しています"), "{}", reporter.html);
    desk.step(&call, json!({ "do": "consent", "ring": 1 })).await.good();
    let over = desk.step(&call, json!({ "do": "resolve" })).await.good();
    assert_eq!((&over["state"], &over["number"]), (&json!("resolved"), &json!("•••• 5678")));
    assert_eq!(desk.server.get("/v1/callbacks/offer").await.good()["free_agents"], 1, "free again");
}

#[tokio::test]
async fn r21_without_a_free_agent_slots_are_offered_and_nothing_is_promised() {
    let listener = Listener::start().await;
    let desk = Desk::calling_by(&listener, |said| said).await;
    let mut reporter = desk.reporter("hanako@example.jp").await;
    assert!(!reporter.html.contains("いますぐ"), "{}", reporter.html);
    assert!(reporter.html.contains("担当者がおりません"), "{}", reporter.html);
    assert!(reporter.html.matches("から30分の間").count() >= 12, "{}", reporter.html);
    reporter.send("/report/call", &[("number", NUMBER), ("when", "now")]).await;
    assert!(reporter.html.contains("手がふさがりました"), "{}", reporter.html);
    assert!(reporter.html.contains(&format!("value=\"{NUMBER}\"")), "what was typed stays");
    assert_eq!(desk.open_calls().await.len(), 0);

    desk.is_free("sato", 60).await;
    let other = desk.case("u-1").await;
    desk.book(&other, json!({ "number": "0312345678" })).await.good();
    listener.first("callback.due").await;
    reporter.open("/report/call").await;
    assert!(!reporter.html.contains("いますぐ"), "the only agent talks: {}", reporter.html);
    assert!(reporter.html.contains("およそ10分後"), "an estimate: {}", reporter.html);
    let third = desk.case("u-2").await;
    desk.book(&third, json!({ "number": "0312345679" })).await.refused(409);

    desk.clock.forward(61 * domain::time::MINUTE);
    let offer = desk.server.get("/v1/callbacks/offer").await.good();
    assert_eq!(offer["estimate_minutes"], Value::Null, "nobody has said so for an hour: {offer}");
}

#[tokio::test]
async fn r22_a_slot_rings_inside_it_after_a_reminder_and_two_retries_end_in_a_message() {
    let listener = Listener::start().await;
    let desk = Desk::calling_by(&listener, |said| said).await;
    desk.is_free("sato", 480).await;
    let mut reporter = desk.reporter("hanako@example.jp").await;
    let offer = desk.server.get("/v1/callbacks/offer").await.good();
    let slot = &offer["slots"][2];
    let from = sekisho::time::read(slot.as_str().unwrap()).unwrap();
    reporter.send("/report/call", &[("number", NUMBER), ("when", &from.0.to_string())]).await;
    let id = desk.open_calls().await[0]["id"].as_str().unwrap().to_owned();
    desk.to(slot, -1);
    reporter.letter_sent("からお電話します").await;
    desk.a_look_passes().await;
    assert_eq!(listener.so_far("callback.due").len(), 0, "not before its slot");

    desk.to(slot, 1);
    let mut call = desk.call_at(&id, "dialling").await;
    for (ring, minutes) in [(1, 2), (2, 15)] {
        let no_answer = json!({ "do": "no_answer", "ring": ring });
        let retrying = desk.step(&call, no_answer).await.good();
        assert_eq!(retrying["state"], "retrying");
        desk.clock.forward((minutes * 60 - 5) * domain::time::SECOND);
        desk.a_look_passes().await;
        assert_eq!(listener.so_far("callback.due").len(), ring, "not yet");
        desk.clock.forward(5 * domain::time::SECOND);
        listener.heard("callback.due", ring + 1).await;
        call = desk.call_at(&id, "dialling").await;
    }
    let missed = desk.step(&call, json!({ "do": "no_answer", "ring": 3 })).await.good();
    assert_eq!((&missed["state"], &missed["rings"]), (&json!("unanswered"), &json!(3)));
    reporter.letter_sent("三度お電話しましたが").await;
    reporter.open("/report/status").await;
    assert!(reporter.html.contains("別の時間を選ぶか、ここにお書きください"), "{}", reporter.html);
    desk.clock.forward(domain::time::HOUR);
    desk.a_look_passes().await;
    assert_eq!(listener.so_far("callback.due").len(), 3, "and never again");
}

#[tokio::test]
async fn r22_a_slot_that_nobody_was_there_for_is_owned_up_to() {
    let listener = Listener::start().await;
    let desk = Desk::calling_by(&listener, |said| said).await;
    let mut reporter = desk.reporter("hanako@example.jp").await;
    let offer = desk.server.get("/v1/callbacks/offer").await.good();
    let from = sekisho::time::read(offer["slots"][0].as_str().unwrap()).unwrap();
    reporter.send("/report/call", &[("number", NUMBER), ("when", &from.0.to_string())]).await;
    desk.to(&offer["slots"][0], 30);
    let told = listener.first("callback.overdue").await;
    assert_eq!(told["why"], "nobody_there");
    reporter.open("/report/status").await;
    assert!(reporter.html.contains("お約束の時間にお電話できず"), "{}", reporter.html);
    desk.is_free("sato", 60).await;
    desk.a_look_passes().await;
    assert_eq!(listener.so_far("callback.due").len(), 0, "nor is it made up for at night");
}

#[tokio::test]
async fn r22_a_call_that_was_called_off_never_rings() {
    let listener = Listener::start().await;
    let desk = Desk::calling_by(&listener, |said| said).await;
    desk.is_free("sato", 480).await;
    let mut reporter = desk.reporter("hanako@example.jp").await;
    let offer = desk.server.get("/v1/callbacks/offer").await.good();
    let from = sekisho::time::read(offer["slots"][0].as_str().unwrap()).unwrap();
    reporter.send("/report/call", &[("number", NUMBER), ("when", &from.0.to_string())]).await;
    reporter.send("/report/call/cancel", &[]).await;
    assert!(reporter.html.contains("お電話を取り消しました"), "{}", reporter.html);
    desk.to(&offer["slots"][0], 1);
    desk.a_look_passes().await;
    assert_eq!(listener.so_far("callback.due").len(), 0);
    assert!(reporter.html.contains("いますぐ"), "and another can be asked for");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r22_twelve_who_ask_at_once_get_no_more_than_the_places_of_a_slot() {
    let listener = Listener::start().await;
    let desk = Desk::calling_by(&listener, |said| said).await;
    let offer = desk.server.get("/v1/callbacks/offer").await.good();
    let mut cases = Vec::new();
    for number in 0..12 {
        cases.push((number, desk.case(&format!("u-{number}")).await));
    }
    let mut asking = tokio::task::JoinSet::new();
    for (number, case) in cases {
        let slot = offer["slots"][0].clone();
        let body =
            json!({ "agent": "sato", "slot": slot, "number": format!("03123456{number:02}") });
        let path = format!("/v1/cases/{case}/callbacks");
        asking.spawn(desk.server.request(reqwest::Method::POST, &path).json(&body).send());
    }
    let mut statuses = Vec::new();
    while let Some(answer) = asking.join_next().await {
        statuses.push(answer.unwrap().unwrap().status());
    }
    let booked = statuses.iter().filter(|status| **status == StatusCode::CREATED).count();
    let full = statuses.iter().filter(|status| status.as_u16() == 422).count();
    assert_eq!((booked, full), (2, 10), "{statuses:?}");
    let again = desk.server.get("/v1/callbacks/offer").await.good();
    assert_ne!(again["slots"][0], offer["slots"][0], "it is offered no more");
}

#[tokio::test]
async fn r28_a_promised_call_is_shown_to_the_victim_and_alerts_when_it_is_overdue() {
    let listener = Listener::start().await;
    let desk = Desk::calling_by(&listener, |said| said).await;
    desk.is_free("sato", 30).await;
    let mut reporter = desk.reporter("hanako@example.jp").await;
    reporter.send("/report/call", &[("number", NUMBER), ("when", "now")]).await;
    let due = listener.first("callback.due").await;
    let call = desk.call(due["callback_id"].as_str().unwrap()).await;
    let due_at = desk.minutes_from_now(180);
    let promise =
        json!({ "do": "follow_up", "due_at": due_at, "reason": "asks the carrier first" });
    desk.step(&call, promise.clone()).await.refused(409);
    desk.step(&call, json!({ "do": "consent", "ring": 1 })).await.good();
    let unreasoned = json!({ "do": "follow_up", "due_at": due_at });
    desk.step(&call, unreasoned).await.refused(422);
    let done = desk.step(&call, promise).await.good();
    assert_eq!(done["state"], "followed_up");
    let next = desk.open_calls().await.remove(0);
    assert_eq!((&next["wish"], &next["follows"]), (&json!("follow_up"), &call["id"]));
    assert_eq!(next["reason"], "asks the carrier first");
    reporter.open("/report/status").await;
    assert!(reporter.html.contains("までにもう一度お電話します"), "R28: {}", reporter.html);
    let case = desk.server.get(&format!("/v1/cases/{}", call["case_id"].as_str().unwrap())).await;
    assert!(case.text.contains("asks the carrier first"), "and stays in the history");

    let other = desk.case("u-1").await;
    let soon = json!({ "number": "0312345678", "slot": desk.server.get("/v1/callbacks/offer").await
        .good()["slots"][0] });
    desk.book(&other, soon).await.good();
    assert_eq!(desk.open_calls().await[0]["wish"], "slot", "by the time promised");
    desk.to(&json!(due_at), 0);
    let told = listener.heard("callback.overdue", 1).await;
    let overdue = told.iter().find(|one| one["callback_id"] == next["id"]);
    let overdue = match overdue {
        Some(overdue) => overdue.clone(),
        None => listener.heard("callback.overdue", 2).await.remove(1),
    };
    assert_eq!(
        (&overdue["why"], &overdue["callback_id"]),
        (&json!("follow_up_overdue"), &next["id"])
    );
    let first = desk.open_calls().await.remove(0);
    assert_eq!((&first["id"], &first["overdue"]), (&next["id"], &json!(true)), "listed first");
    reporter.open("/report/status").await;
    assert!(reporter.html.contains("遅れております"), "{}", reporter.html);
    desk.is_free("mori", 30).await;
    let ringing = desk.call_at(next["id"].as_str().unwrap(), "dialling").await;
    assert_eq!(ringing["agent"], "mori", "and is made all the same");
}

#[tokio::test]
async fn t9_a_premium_number_is_refused_and_so_is_the_fourth_call_of_a_day() {
    let listener = Listener::start().await;
    let desk = Desk::calling_by(&listener, |said| said).await;
    desk.is_free("sato", 60).await;
    let mut reporter = desk.reporter("hanako@example.jp").await;
    for (number, said) in [
        ("0570-000-000", "通話料の高い番号"),
        ("0990-123-456", "通話料の高い番号"),
        ("0120-444-444", "フリーダイヤル"),
        ("0800-123-4567", "フリーダイヤル"),
        ("050-1234-5678", "固定電話・携帯電話の番号ではない"),
        ("110", "固定電話・携帯電話の番号ではない"),
        ("+1 212 555 0100", "日本国内の番号"),
        ("hello", "固定電話・携帯電話の番号ではない"),
    ] {
        reporter.send("/report/call", &[("number", number), ("when", "now")]).await;
        assert!(reporter.html.contains(said), "{number}: {}", reporter.html);
    }
    assert_eq!(desk.open_calls().await.len(), 0, "nothing of a refused one is kept");
    for _ in 0..3 {
        reporter.send("/report/call", &[("number", NUMBER), ("when", "now")]).await;
        assert!(reporter.html.contains("受け付けました"), "{}", reporter.html);
        reporter.send("/report/call/cancel", &[]).await;
    }
    for written in [NUMBER, "+819012345678", "０９０ー１２３４ー５６７８"] {
        reporter.send("/report/call", &[("number", written), ("when", "now")]).await;
        assert!(reporter.html.contains("これ以上できません"), "{written}: {}", reporter.html);
    }
    let case = desk.case("u-1").await;
    let problem = desk.book(&case, json!({ "number": NUMBER })).await.refused(409);
    assert!(problem["detail"].as_str().unwrap().contains("for today"), "whoever asks: {problem}");
    let problem = desk.book(&case, json!({ "number": "0570000000" })).await.refused(422);
    assert_eq!(problem["errors"][0]["pointer"], "/number");
    desk.clock.forward(domain::time::DAY);
    desk.is_free("sato", 60).await;
    desk.book(&case, json!({ "number": NUMBER })).await.good();
}

#[tokio::test]
async fn t9_a_number_that_came_since_it_began_is_for_information_only() {
    let listener = Listener::start().await;
    let desk = Desk::calling_by(&listener, |said| said.with("callbacks-per-slot", "9", FLAG)).await;
    let at = |minutes: i64| desk.minutes_from_now(minutes);
    let signed_in = |id: &str, minutes: i64, phone: &str| {
        let told = crate::support::login("u-1").id(id).with("/occurred_at", at(minutes));
        told.with("/account/phone", phone)
    };
    for told in
        [signed_in("e-1", -100 * 24 * 60, "+819012345678"), signed_in("e-2", -60, "+819099998888")]
    {
        desk.server.tell(told).await.good();
    }
    let new = json!({ "account_id": "u-1", "taken_over": true, "agent": "sato" });
    let case = desk.server.post("/v1/cases", &new).await.good();
    let id = case["id"].as_str().unwrap();
    let step = format!("/v1/cases/{id}/steps");
    let begin = json!({ "do": "take", "agent": "sato" });
    desk.server.post(&step, &begin).await.good();
    let begin = json!({ "do": "begin", "at": at(-120), "agent": "sato", "reason": "as told" });
    desk.server.post(&step, &begin).await.good();
    let slot = desk.server.get("/v1/callbacks/offer").await.good()["slots"][0].clone();
    for (number, is, information_only) in [
        ("+819012345678", "from_before", false),
        ("+819099998888", "come_since", true),
        ("+819011112222", "unknown", true),
    ] {
        let call = desk.book(id, json!({ "number": number, "slot": slot })).await.good();
        assert_eq!(
            (&call["number_is"], &call["information_only"]),
            (&json!(is), &json!(information_only)),
            "{call}"
        );
        desk.step(&call, json!({ "do": "cancel" })).await.good();
    }
}

#[tokio::test]
async fn t7_a_report_that_went_into_another_is_called_by_its_own_words() {
    let listener = Listener::start().await;
    let desk = Desk::calling_by(&listener, |said| said.with("mail-gateway", "mailbox", FLAG)).await;
    crate::pages::member(&desk.server).await;
    desk.is_free("sato", 60).await;
    let mut first = desk.reporter(crate::pages::MAIL).await;
    first.open("/report/call").await;
    let mut second = desk.reporter(crate::pages::MAIL).await;
    let main = desk.main_case_of_two().await;
    let words = second.between("<span class=\"secret\">", "<").to_owned();
    assert_ne!(first.between("<span class=\"secret\">", "<"), words);
    second.send("/report/call", &[("number", NUMBER), ("when", "now")]).await;
    let due = listener.first("callback.due").await;
    let call = desk.call(due["callback_id"].as_str().unwrap()).await;
    assert_eq!((&call["case_id"], &call["phrase"]), (&json!(main), &json!(words)), "{call}");
    let of_main = desk.server.get(&format!("/v1/cases/{main}/callbacks")).await.good();
    assert_eq!(of_main["items"][0]["id"], call["id"]);
    desk.step(&call, json!({ "do": "consent", "ring": 1 })).await.good();
    let reason = json!({ "do": "resolve", "reason": "told them how it stands" });
    desk.step(&call, reason).await.good();
    let case = desk.server.get(&format!("/v1/cases/{main}")).await.good();
    assert_eq!(
        case["steps"].as_array().unwrap().last().unwrap()["reason"],
        "told them how it stands"
    );
    first.open("/report/status").await;
    assert!(!first.html.contains("お話ししました"), "T15: the other is told nothing of it");
}

#[tokio::test]
async fn an_erased_persons_call_and_number_go_with_them() {
    let listener = Listener::start().await;
    let desk = Desk::calling_by(&listener, |said| said).await;
    desk.is_free("sato", 60).await;
    let case = desk.case("u-1").await;
    let talked = desk.book(&case, json!({ "number": NUMBER })).await.good();
    listener.first("callback.due").await;
    desk.server.delete("/v1/accounts/u-1").await.good();
    assert_eq!(desk.open_calls().await.len(), 0);
    let path = format!("/v1/callbacks/{}", talked["id"].as_str().unwrap());
    desk.server.get(&path).await.refused(404);
    desk.is_free("sato", 60).await;
    let offer = desk.server.get("/v1/callbacks/offer").await.good();
    assert_eq!(offer["free_agents"], 1, "and hold nobody: {offer}");

    let mut unknown = desk.reporter("nobody@example.jp").await;
    let from = sekisho::time::read(offer["slots"][0].as_str().unwrap()).unwrap();
    unknown.send("/report/call", &[("number", NUMBER), ("when", &from.0.to_string())]).await;
    let call = desk.open_calls().await.remove(0);
    desk.server.tell(crate::support::login("u-2")).await.good();
    let steps = format!("/v1/cases/{}/steps", call["case_id"].as_str().unwrap());
    for mut step in [json!({ "do": "take" }), json!({ "do": "locate", "account_id": "u-2" })] {
        step["agent"] = json!("sato");
        desk.server.post(&steps, &step).await.good();
    }
    desk.server.delete("/v1/accounts/u-2").await.good();
    assert_eq!(desk.open_calls().await.len(), 0, "nor is the desk's list broken");
    desk.to(&offer["slots"][0], 1);
    desk.a_look_passes().await;
    let path = format!("/v1/callbacks/{}", call["id"].as_str().unwrap());
    desk.server.get(&path).await.refused(404);
    assert_eq!(listener.so_far("callback.due").len(), 1, "nobody is called");
}

#[tokio::test]
async fn t6_a_page_of_calls_is_the_same_whether_or_not_there_is_such_an_account() {
    let listener = Listener::start().await;
    let desk = Desk::calling_by(&listener, |said| said).await;
    let known = json!({ "account_id": "u-1", "phone": NUMBER });
    let told = crate::support::login("u-1").with("/account/email", "hanako@example.jp");
    desk.server.tell(told.with("/account/phone", known["phone"].clone())).await.good();
    let mut pages = Vec::new();
    for login in ["hanako@example.jp", "nobody@example.jp"] {
        let mut browser = desk.reporter(login).await;
        let offer = desk.server.get("/v1/callbacks/offer").await.good();
        let from = sekisho::time::read(offer["slots"][3].as_str().unwrap()).unwrap();
        browser.send("/report/call", &[("number", NUMBER), ("when", &from.0.to_string())]).await;
        let words = browser.between("<span class=\"secret\">", "<").to_owned();
        let csrf = browser.csrf.clone();
        pages.push(browser.html.replace(&words, "").replace(&csrf, ""));
    }
    assert_eq!(pages[0], pages[1]);
}

#[tokio::test]
async fn without_a_telephone_no_calls_are_offered() {
    for gateway in ["off", "webhook"] {
        let desk = Desk::with(|said| said.with("callback-gateway", gateway, FLAG)).await;
        desk.is_free("sato", 60).await;
        let mut browser = crate::pages::browser::Browser::at(&desk.server.url);
        browser.open("/report").await;
        browser.send("/report", &[("login", "hanako@example.jp"), ("taken_over", "yes")]).await;
        browser.send("/report/details", &[("what", "x")]).await;
        browser.send("/report/send", &[]).await;
        assert!(!browser.html.contains("/report/call"), "{gateway}: {}", browser.html);
        browser.open("/report/call").await;
        assert_eq!(browser.path, "/report/status", "{gateway}: nobody would hear of it");
        let case = desk.case("u-1").await;
        desk.book(&case, json!({ "number": NUMBER })).await.refused(409);
    }
}
