//! Letters out: over real SMTP and HTTP to doubles that answer by script.

mod provider;
mod relay;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::time::{MINUTE, Micros, SECOND};
use sekisho::config::{Config, Said, Source};
use sekisho::gateways::{Carrying, Channel, Gateways, Letter, Mailbox, Postman};
use sekisho::sent_mail::{Ledger, Receiver, Sent};
use sekisho::text::Language;
use sekisho::world::World;
use store::{Changes, DatabaseOptions, MasterKey, Store};
use tokio::sync::Notify;

use crate::support::Listener;
use provider::Provider;
use relay::Relay;

struct Post {
    postman: Postman,
    clock: Arc<AtomicI64>,
    _folder: tempfile::TempDir,
}

impl Post {
    async fn with(settings: impl Fn(Said) -> Said) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/sekisho.db", folder.path().display());
        let (options, master) = (DatabaseOptions::new(url), MasterKey::random().unwrap());
        let store = Store::open(&options, &master).await.unwrap();
        let clock = Arc::new(AtomicI64::new(1_780_488_000_000_000));
        let (hand, chance) = (Arc::clone(&clock), AtomicI64::new(0));
        let world = World::of(
            move || Micros(hand.load(Ordering::SeqCst)),
            move |bytes| bytes.fill(u8::try_from(chance.fetch_add(1, Ordering::SeqCst)).unwrap()),
        );
        let config = Config::of(settings(Said::defaults())).unwrap();
        let gateways = Gateways::of(&config, &store, &world).unwrap();
        let (carrying, bell) = (Carrying::default(), Arc::new(Notify::new()));
        let ledger = Ledger { store: store.clone(), hasher: store.hasher().unwrap() };
        let postman = Postman { store, gateways, world, ledger, carrying, bell };
        Self { postman, clock, _folder: folder }
    }

    async fn write(&self, letter: &Letter) {
        let row = letter.row(&self.postman.world);
        let changes = Changes { outbox: vec![(None, row)], ..Changes::default() };
        self.postman.store.apply(&changes, self.postman.world.now()).await.unwrap();
    }

    async fn pass(&self) -> usize {
        self.postman.pass().await.unwrap()
    }

    fn later(&self, span: i64) {
        self.clock.fetch_add(span, Ordering::SeqCst);
    }

    async fn waiting(&self) -> Option<Micros> {
        self.postman.store.next_delivery_due().await.unwrap()
    }
}

fn by_mail(relay: &Relay) -> impl Fn(Said) -> Said {
    let url = format!("smtp://{}", relay.address);
    move |said| {
        said.with("mail-gateway", "smtp", Source::Flag).with("smtp-url", &url, Source::Flag).with(
            "mail-from",
            "関所ストア <no-reply@shop.example>",
            Source::Flag,
        )
    }
}

fn by_phone(provider: &Provider) -> impl Fn(Said) -> Said {
    let url = format!("http://{}/", provider.address);
    move |said| {
        said.with("sms-gateway", "twilio", Source::Flag)
            .with("voice-gateway", "twilio", Source::Flag)
            .with("sms-url", &url, Source::Flag)
            .with("sms-account", "AC1", Source::Flag)
            .with("sms-token", "quiet", Source::Flag)
            .with("sms-from", "+815000000000", Source::Flag)
    }
}

fn mail() -> Letter {
    Letter {
        channel: Channel::Mail,
        to: "hanako@example.jp".to_owned(),
        subject: "確認コード".to_owned(),
        text: "確認コード：012345\n".to_owned(),
        language: Language::Japanese,
        not_after: None,
    }
}

fn text() -> Letter {
    Letter {
        channel: Channel::Sms,
        to: "+819012345678".to_owned(),
        subject: String::new(),
        text: "Code 012345 <keep it>\n\n@shop.example #012345".to_owned(),
        language: Language::English,
        not_after: None,
    }
}

#[tokio::test]
async fn c2_a_mail_reaches_the_relay_once_with_an_id_of_ours_and_stands_in_the_ledger() {
    let relay = Relay::start(&["250 taken"]).await;
    let post = Post::with(by_mail(&relay)).await;
    post.write(&mail()).await;
    assert_eq!(post.pass().await, 1);
    assert_eq!(post.pass().await, 0);
    let heard = relay.heard();
    assert_eq!(heard.len(), 1);
    assert!(heard[0].contains("RCPT TO:<hanako@example.jp>"), "{}", heard[0]);
    assert!(heard[0].contains("Message-ID: <msg_"), "{}", heard[0]);
    assert!(heard[0].contains("@shop.example>"), "{}", heard[0]);
    assert!(heard[0].contains("=?utf-8?"), "the subject is encoded: {}", heard[0]);
    assert_eq!(post.waiting().await, None);

    // What was heard is the mail as a reader has it.
    let (_, raw) = heard[0].split_once("DATA\n").unwrap();
    let raw = raw.trim_end_matches(".\n");
    let id = raw.split_once("Message-ID: ").unwrap().1.lines().next().unwrap();
    let [hers, his] = ["hanako@example.jp", "taro@example.jp"].map(|at| Receiver::at(at).unwrap());
    let ledger = &post.postman.ledger;
    for (asking, said) in [(hers, Sent::Ours), (his, Sent::ToAnother)] {
        assert_eq!(ledger.find(id, raw.as_bytes(), Some(&[asking])).await.unwrap(), Some(said));
    }
    let changed = format!("{raw}https://evil.example/");
    assert_eq!(
        ledger.find(id, changed.as_bytes(), Some(&[hers])).await.unwrap(),
        Some(Sent::OtherContent)
    );
    assert_eq!(ledger.find("msg_0@shop.example", raw.as_bytes(), None).await.unwrap(), None);
}

#[tokio::test]
async fn a_relay_that_is_busy_gets_the_same_mail_again_and_one_that_refuses_does_not() {
    let relay = Relay::start(&["451 later", "250 taken", "550 nobody here"]).await;
    let post = Post::with(by_mail(&relay)).await;
    post.write(&mail()).await;
    post.pass().await;
    assert!(post.waiting().await.is_some());
    post.later(MINUTE);
    assert_eq!(post.pass().await, 1);
    let heard = relay.heard();
    let id = |at: usize| heard[at].lines().find(|line| line.starts_with("Message-ID")).unwrap();
    assert_eq!(id(0), id(1));
    post.write(&mail()).await;
    post.pass().await;
    assert_eq!(post.waiting().await, None, "refused for good");
}

#[tokio::test]
async fn c5_a_text_message_goes_out_as_it_was_written() {
    let provider = Provider::start(&[201]).await;
    let post = Post::with(by_phone(&provider)).await;
    post.write(&text()).await;
    assert_eq!(post.pass().await, 1);
    let heard = provider.heard();
    assert_eq!(heard[0].path, "/2010-04-01/Accounts/AC1/Messages.json");
    assert_eq!(heard[0].authorization, "Basic QUMxOnF1aWV0");
    assert_eq!(heard[0].form["To"], "+819012345678");
    assert_eq!(heard[0].form["From"], "+815000000000");
    assert_eq!(heard[0].form["Body"].lines().last(), Some("@shop.example #012345"));
}

#[tokio::test]
async fn a_call_reads_the_text_out_and_its_marks_are_escaped() {
    let provider = Provider::start(&[201]).await;
    let post = Post::with(by_phone(&provider)).await;
    post.write(&Letter { channel: Channel::Voice, ..text() }).await;
    post.pass().await;
    let heard = provider.heard();
    assert_eq!(heard[0].path, "/2010-04-01/Accounts/AC1/Calls.json");
    assert!(heard[0].form["Twiml"].contains("&lt;keep it&gt;"), "{}", heard[0].form["Twiml"]);
    assert!(heard[0].form["Twiml"].contains("en-US"));
}

#[tokio::test]
async fn a_provider_that_asks_for_patience_is_asked_again_and_one_that_refuses_is_not() {
    let provider = Provider::start(&[429, 503, 201, 400]).await;
    let post = Post::with(by_phone(&provider)).await;
    post.write(&text()).await;
    for _ in 0..3 {
        post.pass().await;
        post.later(MINUTE);
    }
    assert_eq!((provider.heard().len(), post.waiting().await), (3, None));
    post.write(&text()).await;
    post.pass().await;
    assert_eq!((provider.heard().len(), post.waiting().await), (4, None));
}

#[tokio::test]
async fn a_code_that_has_expired_is_not_sent() {
    let provider = Provider::start(&[503]).await;
    let post = Post::with(by_phone(&provider)).await;
    let not_after = Some(post.postman.world.now().plus(30 * SECOND));
    post.write(&Letter { not_after, ..text() }).await;
    post.pass().await;
    post.later(MINUTE);
    post.pass().await;
    assert_eq!((provider.heard().len(), post.waiting().await), (1, None));
}

#[tokio::test]
async fn a_channel_without_a_gateway_is_not_offered_and_loses_nothing_else() {
    let post = Post::with(|said| said.with("mail-gateway", "mailbox", Source::Flag)).await;
    assert_eq!(post.postman.gateways.offered(), [Channel::Mail]);
    post.write(&text()).await;
    post.write(&mail()).await;
    assert_eq!(post.pass().await, 2);
    let kept = Mailbox::sent(&post.postman.store).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert!(kept[0].letter == mail());
}

#[tokio::test]
async fn a_gateway_whose_settings_are_missing_is_named_without_its_secret() {
    let refused = |settings: &[(&'static str, &str)]| {
        let settings: Vec<_> = settings.iter().map(|(name, v)| (*name, (*v).to_owned())).collect();
        async move {
            let folder = tempfile::tempdir().unwrap();
            let url = format!("sqlite://{}/sekisho.db", folder.path().display());
            let (options, master) = (DatabaseOptions::new(url), MasterKey::random().unwrap());
            let store = Store::open(&options, &master).await.unwrap();
            let said = settings
                .iter()
                .fold(Said::defaults(), |said, (name, value)| said.with(name, value, Source::Flag));
            let config = Config::of(said).unwrap();
            let gateways = Gateways::of(&config, &store, &World::real());
            gateways.err().unwrap().to_string()
        }
    };
    assert_eq!(refused(&[("sms-gateway", "smtp")]).await, "--sms-gateway: no such gateway here");
    assert!(refused(&[("mail-gateway", "smtp")]).await.contains("smtp-url"));
    let secret = [("mail-gateway", "smtp"), ("smtp-url", "http://user:quiet@host")];
    let said = refused(&secret).await;
    assert!(said.contains("--smtp-url") && !said.contains("quiet"), "{said}");
}

fn by_webhook(listener: &Listener) -> impl Fn(Said) -> Said {
    let address = listener.address.to_string();
    move |said| {
        let url = format!("http://{address}/letters");
        [
            ("mail-gateway", "webhook"),
            ("sms-gateway", "webhook"),
            ("gateway-url", &url),
            ("gateway-secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
            ("webhooks-allow", &address),
        ]
        .into_iter()
        .fold(said, |said, (name, value)| said.with(name, value, Source::Flag))
    }
}

#[tokio::test]
async fn the_stores_own_service_takes_a_signed_letter_and_only_once() {
    let listener = Listener::start().await;
    let post = Post::with(by_webhook(&listener)).await;
    let letter = Letter {
        channel: Channel::Sms,
        to: "+819012345678".to_owned(),
        subject: String::new(),
        text: "コード 123456".to_owned(),
        language: Language::Japanese,
        not_after: Some(post.postman.world.now().plus(10 * MINUTE)),
    };
    post.write(&letter).await;
    assert_eq!(post.pass().await, 1);
    let data = listener.first("notification.requested").await;
    assert_eq!((&data["channel"], &data["to"]), (&"sms".into(), &"+819012345678".into()));
    assert_eq!((&data["text"], &data["language"]), (&"コード 123456".into(), &"ja".into()));
    assert!(data["subject"].is_null() && data["not_after"].is_string(), "{data}");
    assert_eq!(post.waiting().await, None, "it is carried, and its words are gone");
    assert_eq!(post.pass().await, 0);
}

#[tokio::test]
async fn a_service_that_cannot_be_told_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let options = DatabaseOptions::new(format!("sqlite://{}/sekisho.db", folder.path().display()));
    let store = Store::open(&options, &MasterKey::random().unwrap()).await.unwrap();
    let good = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    for (url, secret, place) in [
        ("", good, "gateway-url"),
        ("http://shop.example/letters", good, "gateway-url"),
        ("https://10.0.0.1/letters", good, "gateway-url"),
        ("https://shop.example/letters", "", "gateway-secret"),
        ("https://shop.example/letters", "hunter2", "gateway-secret"),
        ("https://shop.example/letters", "whsec_AAAA", "gateway-secret"),
    ] {
        let said = Said::defaults()
            .with("mail-gateway", "webhook", Source::Flag)
            .with("gateway-url", url, Source::Flag)
            .with("gateway-secret", secret, Source::Flag);
        let gateways = Gateways::of(&Config::of(said).unwrap(), &store, &World::real());
        let Err(bad) = gateways else { panic!("{url} {secret}") };
        assert!(bad.to_string().contains(place), "{bad}");
        assert!(secret.is_empty() || !bad.to_string().contains(secret), "{bad}");
    }
}
