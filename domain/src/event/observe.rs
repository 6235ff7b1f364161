//! From an [`Event`] to the [`Observation`] that is judged and stored.
//!
//! Values are brought to one spelling before they are hashed, so that the same mail address, phone,
//! address or card is recognised however it was typed. Nothing a person typed is kept: only hashes,
//! facts, the names of the store's lists and the properties the operator declared fit for rules.

mod goods;
mod memo;

use smallvec::SmallVec;

use self::goods::Goods;
use self::memo::Memo;
use super::{Change, ChangeField, Context, Event, EventType, ShipTo, spelling};
use crate::agent;
use crate::keyed::{AccountKey, EventKey, Field, KeyedHasher};
use crate::observation::{
    Agent, Contact, Country, Credential, Label, Listed, Observation, Order, Origin, Payment,
};
use crate::time::Micros;

/// What the world says about an event's address, mail domain and identifiers: resolved by the caller.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// Where the address is and which infrastructure lists name it; hashes are filled in here.
    pub origin: Origin,
    /// The mail domain is disposable.
    pub disposable: Listed,
    /// The store's own lists that hit.
    pub lists: Vec<Box<str>>,
    /// The password is breached, by the local file.
    pub breached: Option<bool>,
    /// Names of properties that rules may read.
    pub label_names: Vec<String>,
}

/// Longest text of a label, in characters; the rest is cut off.
const LABEL_CHARS_MAX: usize = 200;

/// Texts of one kind that an [`Observer`] knows again.
const MEMO_TEXTS: usize = 8_192;

/// Turns an event into what is judged: keyed hashes and facts, nothing that names a person.
pub fn observe(
    event: &Event,
    received_at: Micros,
    place: Place,
    hasher: &KeyedHasher,
) -> Observation {
    Observer::remembering(0, hasher).observe(event, received_at, place)
}

/// [`observe`], for many events in a row: knows user agents and goods again, whose reading and
/// hashing cost more than all the rest. Names of persons and their values are never kept.
pub struct Observer<'a> {
    hasher: &'a KeyedHasher,
    agents: Memo<Agent>,
    goods: Goods,
}

impl<'a> Observer<'a> {
    /// One that has seen nothing yet.
    pub fn new(hasher: &'a KeyedHasher) -> Self {
        Self::remembering(MEMO_TEXTS, hasher)
    }

    fn remembering(texts: usize, hasher: &'a KeyedHasher) -> Self {
        Self { hasher, agents: Memo::new(texts), goods: Goods::remembering(texts) }
    }

    /// As [`observe`] does.
    pub fn observe(&mut self, event: &Event, received_at: Micros, place: Place) -> Observation {
        let hasher = self.hasher;
        let account = event.account.as_ref();
        let labels = labels(event, &place.label_names);
        let payment = observe_payment(event, hasher);
        Observation {
            event: event_key(&event.event_id, hasher),
            account: account.map(|account| account_key(&account.id, hasher)),
            kind: event.kind,
            status: event.status,
            occurred_at: event.occurred_at,
            received_at,
            registered_at: account.and_then(|account| account.registered_at),
            seller: account.is_some_and(|account| {
                account.roles.iter().any(|role| role.eq_ignore_ascii_case("seller"))
            }),
            session: hash(event.session_id.as_deref(), Field::Session, hasher),
            origin: observe_origin(&event.context, place.origin, hasher),
            agent: observe_agent(&event.context, &mut self.agents, hasher),
            device: hash(event.context.device_token.as_deref(), Field::Device, hasher),
            credential: event.credential.as_ref().map(|credential| Credential {
                kind: credential.kind,
                secret: hash(credential.secret_hash.as_deref(), Field::Secret, hasher),
                breached: either(credential.breached, place.breached),
            }),
            change: event.change.as_ref().map(|change| {
                let card = payment.as_ref().and_then(|payment| payment.card);
                observe_change(change, event.kind, card, hasher)
            }),
            contact: observe_contact(event, place.disposable, hasher),
            order: event.order.as_ref().map(|order| {
                let mut seen = self.goods.observe_order(order, hasher);
                if let Some(to) = &order.ship_to {
                    ship_to(&mut seen, to, hasher);
                }
                Box::new(seen)
            }),
            payment,
            lists: SmallVec::from_vec(place.lists),
            labels,
        }
    }

    /// What it hashes with.
    pub const fn hasher(&self) -> &'a KeyedHasher {
        self.hasher
    }
}

/// The key under which the account `id` is known.
pub fn account_key(id: &str, hasher: &KeyedHasher) -> AccountKey {
    AccountKey(hasher.wide(Field::Account, id.as_bytes()))
}

/// The key under which the event `id` is known.
pub fn event_key(id: &str, hasher: &KeyedHasher) -> EventKey {
    EventKey(hasher.wide(Field::Event, id.as_bytes()))
}

fn hash(value: Option<&str>, field: Field, hasher: &KeyedHasher) -> Option<u64> {
    value.map(|value| hasher.short(field, value.as_bytes()))
}

/// What two sources say: a yes outweighs a no.
fn either(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one || other),
        _ => one.or(other),
    }
}

fn observe_origin(context: &Context, place: Origin, hasher: &KeyedHasher) -> Origin {
    let Some(ip) = context.ip else { return place };
    let address = spelling::octets(ip);
    let network = spelling::network(ip);
    Origin {
        ip: Some(hasher.short(Field::Ip, &address)),
        network: Some(hasher.short(Field::Network, &network)),
        private: spelling::says_no_place(ip),
        ..place
    }
}

fn observe_agent(context: &Context, memo: &mut Memo<Agent>, hasher: &KeyedHasher) -> Agent {
    let ja4 = hash(context.ja4.as_deref(), Field::Ja4, hasher);
    let language = context.accept_language.as_deref().and_then(spelling::language);
    let Some(text) = context.user_agent.as_deref() else {
        return Agent { ja4, language, ..Agent::default() };
    };
    Agent { ja4, language, ..memo.recall(text, |text| read_agent(text, hasher)) }
}

/// What the user agent alone says.
fn read_agent(text: &str, hasher: &KeyedHasher) -> Agent {
    let claim = agent::read(text);
    Agent {
        text: Some(hasher.short(Field::UserAgent, text.as_bytes())),
        browser: claim.browser.map(|browser| browser.hash(Field::Browser, hasher)),
        system: claim.system.map(|system| system.hash(Field::System, hasher)),
        class: claim.class,
        automated: claim.automated,
        ..Agent::default()
    }
}

fn observe_contact(event: &Event, disposable: Listed, hasher: &KeyedHasher) -> Contact {
    let account = event.account.as_ref();
    let email = account.and_then(|account| account.email.as_deref());
    let phone = account.and_then(|account| account.phone.as_deref());
    Contact {
        email: email.and_then(|email| contact(ChangeField::Email, email, hasher)),
        phone: phone.and_then(|phone| contact(ChangeField::Phone, phone, hasher)),
        disposable: if email.is_some() { disposable } else { Listed::Unknown },
    }
}

/// A changed value hashes like the same value elsewhere in an event, so that the new address of an
/// account and the address an order goes to are recognised as one.
fn contact(field: ChangeField, value: &str, hasher: &KeyedHasher) -> Option<u64> {
    let (field, spelt) = match field {
        ChangeField::Email => (Field::Email, spelling::email(value)),
        ChangeField::Phone => (Field::Phone, spelling::phone(value)),
        ChangeField::Name => (Field::Name, spelling::name(value)),
        ChangeField::Address => (Field::Address, value.to_owned()),
        ChangeField::PaymentMethod => (Field::Card, value.to_owned()),
        ChangeField::BankAccount => (Field::BankAccount, value.to_owned()),
        ChangeField::Password | ChangeField::Passkey | ChangeField::Totp | ChangeField::TwoStep => {
            (Field::Other, value.to_owned())
        }
    };
    (!spelt.is_empty()).then(|| hasher.short(field, spelt.as_bytes()))
}

/// A means of payment added is the new value, one removed the old, where the store names no other.
fn observe_change(
    change: &Change,
    kind: EventType,
    card: Option<u64>,
    hasher: &KeyedHasher,
) -> crate::observation::Change {
    let value = |text: &Option<String>| {
        text.as_deref().and_then(|text| contact(change.field, text, hasher))
    };
    crate::observation::Change {
        field: change.field,
        old: value(&change.old).or(card.filter(|_| kind == EventType::PaymentMethodRemoved)),
        new: value(&change.new).or(card.filter(|_| kind == EventType::PaymentMethodAdded)),
    }
}

fn observe_payment(event: &Event, hasher: &KeyedHasher) -> Option<Payment> {
    let in_order = event.order.as_ref().and_then(|order| order.payment.as_ref());
    let Some(payment) = event.payment.as_ref().or(in_order) else {
        return event.amount.map(|amount| Payment {
            kind: super::PaymentKind::Other,
            card: None,
            stored: None,
            three_ds: None,
            declined: event.status == super::Status::Failed,
            amount: Some(amount),
        });
    };
    let card = hash(payment.fingerprint.as_deref(), Field::Card, hasher)
        .or_else(|| hash(payment.token.as_deref(), Field::PaymentToken, hasher));
    Some(Payment {
        kind: payment.kind,
        card,
        stored: payment.stored,
        three_ds: payment.three_ds,
        declined: payment.declined,
        amount: event.amount,
    })
}

fn ship_to(order: &mut Order, to: &ShipTo, hasher: &KeyedHasher) {
    order.address = match (&to.address_id, &to.postcode) {
        (Some(id), _) => Some(hasher.short(Field::Address, id.as_bytes())),
        (None, Some(postcode)) => {
            let (country, region) = (to.country.as_deref(), to.region.as_deref());
            let spelt = spelling::postal(country, region, postcode);
            Some(hasher.short(Field::Address, spelt.as_bytes()))
        }
        // A country or a region alone is shared by too many to link anybody.
        (None, None) => None,
    };
    order.ship_country = to.country.as_deref().and_then(|country| match *country.as_bytes() {
        [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
            Some(Country([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
        }
        _ => None,
    });
    order.destination = to
        .country
        .as_deref()
        .map(|country| hasher.short(Field::Other, country.trim().to_uppercase().as_bytes()));
    order.name_matches = to.name_matches_account;
}

fn labels(event: &Event, names: &[String]) -> SmallVec<[(Box<str>, Label); 0]> {
    let label = |name: &String| {
        let value = event.properties.get(name)?;
        let label = if let Some(truth) = value.as_bool() {
            Label::Bool(truth)
        } else if let Some(whole) = value.as_i64() {
            Label::Int(whole)
        } else if let Some(number) = value.as_f64() {
            Label::Float(number)
        } else {
            Label::Text(value.as_str()?.chars().take(LABEL_CHARS_MAX).collect::<String>().into())
        };
        Some((name.as_str().into(), label))
    };
    names.iter().filter_map(label).collect()
}

#[cfg(test)]
mod tests;
