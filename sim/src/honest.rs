//! What honest people do: shop at home, on the move and abroad, mistype, move house, send gifts.

use std::net::IpAddr;
use std::sync::Arc;

use crate::dice::Dice;
use crate::network::{self, Kind};
use crate::person::{Person, Turn, email, phone_number};
use crate::shop::{GIFT_CARDS, Shelf};
use crate::step::{Account, DAY, HOUR, MINUTE, Order, Payment, SECOND, Scene, Step, What, time};

/// The world people live in: its seed, its beginning.
#[derive(Debug, Clone, Copy)]
pub struct World {
    /// Everything follows from it.
    pub seed: u64,
    /// Microseconds of the first midnight in Japan.
    pub begins_at: i64,
}

impl World {
    /// Number of the day, from 0.
    pub fn day(&self, at: i64) -> u32 {
        u32::try_from((at - self.begins_at).div_euclid(DAY)).unwrap_or_default()
    }

    /// The person with this number.
    pub fn person(&self, number: u64) -> Person {
        Person::of(self.seed, number)
    }

    /// The account's part of an event.
    pub fn account(&self, person: &Person, at: i64) -> Account {
        let day = self.day(at);
        Account {
            id: person.id(),
            email: Some(person.email(day)),
            phone: Some(person.phone_number(day)),
            registered_at: Some(time(self.begins_at - i64::from(person.age_days) * DAY)),
            roles: if person.seller { &["buyer", "seller"] } else { &["buyer"] },
        }
    }

    /// The scene of a visit by the owner, at the place and on the device of the moment.
    pub fn visit(&self, person: &Person, at: i64, dice: &mut Dice) -> Scene {
        let day = self.day(at);
        let on_computer = dice.chance(person.computer_share);
        let device = if on_computer { person.computer(day) } else { person.phone(day) };
        Scene {
            number: Some(person.number),
            account: self.account(person, at),
            session: Some(dice.bits() >> 16),
            ip: place(person, day, on_computer, dice),
            user_agent: device.user_agent(day),
            token: device.token,
        }
    }
}

fn place(person: &Person, day: u32, on_computer: bool, dice: &mut Dice) -> IpAddr {
    if let Some(hotel) = person.abroad(day) {
        // Half of them roam, and come out at home.
        return if dice.chance(0.5) {
            hotel.any_address(dice)
        } else {
            person.mobile_address(dice)
        };
    }
    if on_computer {
        if person.vpn && dice.chance(0.7) {
            return network::draw(Kind::Vpn, "JP", dice).any_address(dice);
        }
        return match person.office_address() {
            Some(office) if dice.chance(0.35) => office,
            _ => person.home_address(day),
        };
    }
    match dice.below(100) {
        0..52 => person.home_address(day),
        52..95 => person.mobile_address(dice),
        // Somebody else's line: parents, a café, a hotel.
        _ => network::draw(Kind::Fixed, "JP", dice).any_address(dice),
    }
}

/// One ordinary visit.
pub fn visit(world: &World, person: &Person, at: i64, dice: &mut Dice) -> Vec<Step> {
    let day = world.day(at);
    let mut scene = world.visit(person, at, dice);
    let signs_in = dice.chance(0.62);
    if !signs_in {
        // Still signed in from before, on one device.
        scene.session = Some(person.open_session(day));
    }
    let mut steps = Steps { scene: Arc::new(scene), at, made: Vec::new() };
    if signs_in {
        steps.sign_in(person, day, dice);
    }
    if dice.chance(if signs_in { 0.34 } else { 0.55 }) {
        steps.wait(dice.between(2 * MINUTE, 40 * MINUTE));
        steps.shop(person, day, dice);
    }
    if dice.chance(0.02) && person.seller {
        steps.wait(dice.between(MINUTE, 10 * MINUTE));
        steps.push(What::Payout(dice.between(20, 400) * 1_000));
    }
    if dice.chance(0.12) {
        steps.wait(dice.between(MINUTE, 30 * MINUTE));
        steps.push(What::SessionEnded);
    }
    steps.made
}

/// What a turn of life makes somebody do, if they tell the shop at all.
pub fn turn(world: &World, person: &Person, turn: Turn, at: i64) -> Vec<Step> {
    let mut dice = Dice::of(world.seed, &[person.number, 0x7c, turn as u64, at.unsigned_abs()]);
    let day = world.day(at);
    let before = day.saturating_sub(1);
    let scene = Arc::new(world.visit(person, at, &mut dice));
    let mut steps = Steps { scene, at, made: Vec::new() };
    let change = |kind, field, old: String, new: String| What::Change {
        kind,
        change: Some((field, old, new)),
    };
    match turn {
        Turn::NewPhone | Turn::Cookies | Turn::Trip => return visit(world, person, at, &mut dice),
        Turn::Password => {
            if dice.chance(0.3) {
                // Forgotten: tried, reset, signed in.
                steps.fail(dice.below(3) + 1, &mut dice);
                steps.push(What::Change { kind: "credential.reset_requested", change: None });
                steps.wait(dice.between(MINUTE, 6 * MINUTE));
                steps.push(What::Change { kind: "credential.password_changed", change: None });
                steps.wait(dice.between(5 * SECOND, MINUTE));
                steps.sign_in(person, day, &mut dice);
            } else {
                steps.sign_in(person, before, &mut dice);
                steps.wait(dice.between(MINUTE, 4 * MINUTE));
                steps.push(What::Change { kind: "credential.password_changed", change: None });
            }
        }
        Turn::Move => {
            steps.sign_in(person, day, &mut dice);
            steps.wait(dice.between(MINUTE, 4 * MINUTE));
            let (old, new) = (person.address(before), person.address(day));
            let [old, new] = [old, new].map(|key| format!("adr-{:x}", key >> 16));
            steps.push(change("profile.address_changed", "address", old, new));
        }
        Turn::Email => {
            steps.sign_in(person, day, &mut dice);
            steps.wait(dice.between(MINUTE, 4 * MINUTE));
            let (old, new) = (person.email(before), person.email(day));
            steps.push(change("profile.email_changed", "email", old, new));
        }
        Turn::Phone => {
            steps.sign_in(person, day, &mut dice);
            steps.wait(dice.between(MINUTE, 4 * MINUTE));
            let (old, new) = (person.phone_number(before), person.phone_number(day));
            steps.push(change("profile.phone_changed", "phone", old, new));
        }
        Turn::Card => {
            steps.sign_in(person, day, &mut dice);
            steps.wait(dice.between(MINUTE, 4 * MINUTE));
            steps.push(What::CardAdded(card(person.card(day), false)));
        }
    }
    steps.made
}

/// The season's gifts (お中元, お歳暮): many orders to many addresses within a day or two.
pub fn season(world: &World, person: &Person, at: i64) -> Vec<Step> {
    let mut dice = Dice::of(world.seed, &[person.number, 0x5e, at.unsigned_abs()]);
    let day = world.day(at);
    let scene = Arc::new(world.visit(person, at, &mut dice));
    let mut steps = Steps { scene, at, made: Vec::new() };
    steps.sign_in(person, day, &mut dice);
    for _ in 0..3 + dice.below(7) {
        let at_most = if dice.chance(0.1) { 12 * HOUR } else { HOUR / 3 };
        steps.wait(dice.between(3 * MINUTE, at_most));
        let lines = vec![Shelf::liked(&mut dice).line(person.taste * 1.3, 1, &mut dice)];
        let address = Some(person.gift_address(&mut dice));
        let payment = pay(person, day, &mut dice);
        steps.order(Order { lines, address, own_name: false, payment }, &mut dice);
    }
    steps.made
}

/// The first visit of somebody new; a mistyped password is part of it now and then.
pub fn registration(world: &World, person: &Person, at: i64) -> Vec<Step> {
    let mut dice = Dice::of(world.seed, &[person.number, 0x8e]);
    let mut scene = world.visit(person, at, &mut dice);
    scene.account.registered_at = Some(time(at));
    let mut steps = Steps { scene: Arc::new(scene), at, made: Vec::new() };
    let day = world.day(at);
    steps.push(What::Change { kind: "registration", change: None });
    steps.wait(dice.between(MINUTE, 9 * MINUTE));
    steps.sign_in(person, day, &mut dice);
    if dice.chance(0.7) {
        steps.wait(dice.between(MINUTE, 20 * MINUTE));
        steps.shop(person, day, &mut dice);
    }
    steps.made
}

/// Steps of one visit as they are made.
struct Steps {
    scene: Arc<Scene>,
    at: i64,
    made: Vec<Step>,
}

impl Steps {
    fn push(&mut self, what: What) {
        let scene = Arc::clone(&self.scene);
        self.made.push(Step { at: self.at, scene, what, attack: None });
    }

    const fn wait(&mut self, span: i64) {
        self.at += span;
    }

    fn fail(&mut self, times: u64, dice: &mut Dice) {
        for _ in 0..times {
            self.push(What::Login { succeeded: false, passkey: false, secret: dice.bits() });
            self.wait(dice.between(4 * SECOND, 50 * SECOND));
        }
    }

    fn sign_in(&mut self, person: &Person, day: u32, dice: &mut Dice) {
        let passkey = person.passkey;
        if !passkey && dice.chance(0.07) {
            self.fail(1 + dice.below(3), dice);
        }
        self.push(What::Login { succeeded: true, passkey, secret: person.secret(day) });
    }

    fn shop(&mut self, person: &Person, day: u32, dice: &mut Dice) {
        let many =
            if person.business { 2 + dice.below(5) } else { 1 + dice.below(3) * dice.below(2) };
        let mut lines = Vec::new();
        for _ in 0..many {
            let liked =
                if dice.chance(0.85) { *dice.pick(&person.likes) } else { Shelf::liked(dice) };
            let pieces = if person.business { 4 + dice.below(30) } else { 1 + dice.below(8) / 6 };
            lines.push(liked.line(person.taste, u32::try_from(pieces).unwrap_or(1), dice));
        }
        let (mut address, mut own_name) = (Some(person.address(day)), true);
        if dice.chance(0.06) {
            (address, own_name) = (Some(person.gift_address(dice)), false);
        } else if dice.chance(0.02) {
            lines = vec![GIFT_CARDS.line(1.0, 1, dice)];
            (address, own_name) = (None, false);
        }
        let payment = pay(person, day, dice);
        self.order(Order { lines, address, own_name, payment }, dice);
    }

    fn order(&mut self, order: Order, dice: &mut Dice) {
        let (payment, amount) = (order.payment, order.amount());
        self.push(What::Order(Box::new(order)));
        if payment.card.is_some() {
            self.wait(dice.between(SECOND, 6 * SECOND));
            let declined = dice.chance(0.015);
            self.push(What::Payment { payment: Payment { declined, ..payment }, amount });
        }
    }
}

fn pay(person: &Person, day: u32, dice: &mut Dice) -> Payment {
    if person.stores_card() || dice.chance(0.3) {
        return card(person.card(day), person.stores_card());
    }
    let kind = dice.weighted(&[
        ("pay_later", 4),
        ("carrier_billing", 2),
        ("cash_on_delivery", 2),
        ("bank_transfer", 1),
        ("points", 1),
    ]);
    Payment { kind, card: None, stored: false, three_ds: None, declined: false }
}

/// A card with this key.
pub const fn card(key: u64, stored: bool) -> Payment {
    let kind = if key.is_multiple_of(5) { "debit_card" } else { "credit_card" };
    let three_ds = if stored { "not_attempted" } else { "frictionless" };
    Payment { kind, card: Some(key), stored, three_ds: Some(three_ds), declined: false }
}

/// New contact data of somebody's choosing.
pub fn contacts(key: u64) -> (String, String) {
    (email(key), phone_number(key))
}
