//! Telling the owner: what is kept, what leaves, which code does what.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};

use domain::keyed::{AccountKey, Field};
use domain::member::{Contact, ContactKind, Telling, Topic, UNDO_SPAN};
use domain::notice::{Channel, Reply, UNREAD_MAX};
use domain::time::Micros;
use sekisho::gateways::Letter;
use sekisho::notices::{About, Holder, Notices};
use sekisho::text::Language;
use sekisho::world::World;
use store::{Applied, Changes, DatabaseOptions, MasterKey, Store};

struct Post {
    notices: Notices,
    clock: Arc<AtomicI64>,
    _folder: tempfile::TempDir,
}

impl Post {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/sekisho.db", folder.path().display());
        let (options, master) = (DatabaseOptions::new(url), MasterKey::random().unwrap());
        let store = Store::open(&options, &master).await.unwrap();
        let clock = Arc::new(AtomicI64::new(1_780_488_245_000_000));
        let (hand, chance) = (Arc::clone(&clock), AtomicU8::new(1));
        let world = World::of(
            move || Micros(hand.load(Ordering::SeqCst)),
            move |bytes| bytes.fill(chance.fetch_add(1, Ordering::SeqCst)),
        );
        let hasher = store.hasher().unwrap();
        let offered = Channel::ALL.to_vec();
        let store_name = "関所ストア".to_owned();
        Self {
            notices: Notices { store, offered, world, hasher, store_name },
            clock,
            _folder: folder,
        }
    }

    fn holder(&self) -> Holder {
        (AccountKey(self.notices.hasher.wide(Field::Account, b"u-1")), "u-1".to_owned())
    }

    async fn tell(&self, topic: Topic, language: Language) {
        let contact =
            |kind, value: &str| Contact { kind, value: value.to_owned(), since: Micros(0) };
        let mail = contact(ContactKind::Mail, "hanako@example.jp");
        let new = contact(ContactKind::Mail, "x@intruder.example");
        let phone = contact(ContactKind::Phone, "+819012345678");
        let telling = Telling {
            topic,
            to: vec![mail.clone(), phone.clone(), new],
            undo_to: vec![mail, phone],
        };
        let written = self.notices.write(About {
            holder: self.holder(),
            telling,
            urgent: true,
            language,
            place: Some("AS64500（日本）".to_owned()),
            device: None,
            change: Some(7),
        });
        let (puts, outbox) = (written.puts, written.outbox);
        let changes = Changes { puts, outbox, ..Changes::default() };
        let applied = self.notices.store.apply(&changes, self.notices.world.now()).await;
        assert_eq!(applied.unwrap(), Applied::Done);
    }

    /// Letters waiting for one channel.
    async fn letters(&self, endpoint: i64) -> Vec<Letter> {
        let now = self.notices.world.now();
        let claimed = self.notices.store.claim_deliveries_for(endpoint, now, now.plus(1), 9);
        let claimed = claimed.await.unwrap();
        claimed.iter().map(|row| serde_json::from_slice(&row.body).unwrap()).collect()
    }

    fn later(&self, span: i64) {
        self.clock.fetch_add(span, Ordering::SeqCst);
    }
}

fn code_in(letter: &Letter) -> String {
    let word = letter.text.split_whitespace().find(|word| word.contains('-')).unwrap();
    word.trim_start_matches("コード：").to_owned()
}

#[tokio::test]
async fn x8_the_contact_from_before_gets_the_code_and_the_new_one_does_not() {
    let telling = Post::start().await;
    telling.tell(Topic::MailChanged, Language::Japanese).await;
    let (mails, texts) = (telling.letters(-1).await, telling.letters(-2).await);
    assert_eq!((mails.len(), texts.len()), (2, 1));
    assert!(mails[0].text.contains("2026年6月3日 21時04分"), "{}", mails[0].text);
    assert!(mails[0].text.contains("AS64500"));
    assert!(mails[0].text.contains("端末：不明"));
    let code = code_in(&mails[0]);
    assert!(!mails[1].text.contains(&code), "{}", mails[1].text);
    assert!(texts[0].text.contains(&code), "{}", texts[0].text);
    for letter in mails.iter().chain(&texts) {
        assert!(!letter.text.contains("http"), "no link: {}", letter.text);
    }

    let found = telling.notices.of_code(&code.to_lowercase()).await.unwrap().unwrap();
    assert_eq!((found.account, found.kept.change), (telling.holder().0, Some(7)));
    assert!(telling.notices.of_code("0000-0000-0000-0000").await.unwrap().is_none());
    assert!(telling.notices.of_code("").await.unwrap().is_none());
    telling.later(UNDO_SPAN + 1);
    assert!(telling.notices.of_code(&code).await.unwrap().is_none(), "seven days are over");
}

#[tokio::test]
async fn r3_an_unread_urgent_notice_is_followed_by_a_call_and_a_read_one_is_not() {
    let telling = Post::start().await;
    telling.tell(Topic::NewSignIn, Language::English).await;
    telling.tell(Topic::PasskeyAdded, Language::English).await;
    let centre = telling.notices.of(telling.holder().0).await.unwrap();
    assert_eq!(centre.len(), 2);
    let newest = centre[0].clone();
    let id = newest.id;
    let read = telling.notices.answered(newest, Some(Reply::Mine));
    let changes = Changes { puts: vec![read], ..Changes::default() };
    telling.notices.store.apply(&changes, telling.notices.world.now()).await.unwrap();

    assert_eq!(telling.notices.escalate().await.unwrap(), 0);
    telling.later(UNREAD_MAX);
    assert_eq!(telling.notices.escalate().await.unwrap(), 1);
    assert_eq!(telling.notices.escalate().await.unwrap(), 0, "once");
    let calls = telling.letters(-3).await;
    assert!(calls[0].text.contains("There was a sign-in from somewhere new"), "{}", calls[0].text);
    let answered = telling.notices.one(telling.holder().0, id).await.unwrap().unwrap();
    assert_eq!(answered.kept.notice.reply, Some(Reply::Mine));
}

#[tokio::test]
async fn x4_a_flooded_mailbox_hides_nothing_because_other_ways_carry_it_too() {
    let telling = Post::start().await;
    telling.tell(Topic::PasswordChanged, Language::Japanese).await;
    // The centre holds our notices alone; what strangers mail to the owner has no way into it.
    let centre = telling.notices.of(telling.holder().0).await.unwrap();
    assert_eq!(centre.len(), 1);
    assert_eq!(telling.letters(-2).await.len(), 1, "and the text message goes beside it");
    let stranger = AccountKey(99);
    assert!(telling.notices.of(stranger).await.unwrap().is_empty());
    assert!(telling.notices.one(stranger, centre[0].id).await.unwrap().is_none());
}
