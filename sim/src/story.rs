//! One night of 3 to 4 June: the story of the requirements (§6, R2), alone.

use std::net::IpAddr;

use crate::attack::{Attack, Intruder};
use crate::device::Device;
use crate::dice::Dice;
use crate::honest::{self, World, contacts};
use crate::network::{self, Kind};
use crate::person::Person;
use crate::shop::{GIFT_CARDS, Line, RESALE, SHELVES};
use crate::step::{DAY, HOUR, MINUTE, Step, What};
use crate::traffic::{BEGINS_AT, Drawn};

/// Days of quiet history before the night: one order a month.
const MONTHS: i64 = 14;
/// 2026-06-03T20:50:00+09:00.
const SIGN_IN_AT: i64 = BEGINS_AT + 63 * DAY + 20 * HOUR + 50 * MINUTE;

/// The events of one account: fourteen quiet months, then the night.
pub fn story(seed: u64) -> Vec<Drawn> {
    let world = World { seed, begins_at: BEGINS_AT - MONTHS * 30 * DAY };
    let victim = quiet_person(&world);
    let mut steps = Vec::new();
    for month in 0..MONTHS + 2 {
        quiet_month(&world, &victim, world.begins_at + month * 30 * DAY, &mut steps);
    }
    steps.retain(|step| step.at < SIGN_IN_AT - DAY);
    night(&world, &victim, &mut steps);
    steps.sort_by_key(|step| step.at);
    let owners_before =
        |place: usize| steps.iter().take(place).filter(|step| step.attack.is_none()).count();
    let drawn = |(place, step): (usize, &Step)| {
        let event_id = format!("june-{seed:x}-{place:03}");
        Drawn {
            json: step.json(&event_id),
            event_id,
            at: step.at,
            attack: step.attack,
            asked: step.what.is_asked(),
            history: u32::try_from(owners_before(place)).unwrap_or(u32::MAX),
        }
    };
    steps.iter().enumerate().map(drawn).collect()
}

/// Somebody ordinary: password, stored card, no VPN, not selling.
fn quiet_person(world: &World) -> Person {
    let ordinary = |person: &Person| {
        !person.seller && !person.business && !person.vpn && !person.passkey && person.stores_card()
    };
    (1_001..9_999)
        .map(|number| world.person(number))
        .find(ordinary)
        .unwrap_or_else(|| world.person(0))
}

/// A few visits, one order.
fn quiet_month(world: &World, victim: &Person, begins: i64, steps: &mut Vec<Step>) {
    let mut dice = Dice::of(world.seed, &[0x1e, begins.unsigned_abs()]);
    let mut ordered = false;
    for week in 0..3 {
        let at = begins + week * 9 * DAY + dice.between(8 * HOUR, 22 * HOUR);
        let mut visit = honest::visit(world, victim, at, &mut dice);
        let orders = visit.iter().any(|step| matches!(step.what, What::Order(_)));
        if orders && ordered {
            visit.retain(|step| !matches!(step.what, What::Order(_) | What::Payment { .. }));
        }
        ordered |= orders;
        steps.append(&mut visit);
    }
}

/// Sign-in with the right password from an unseen network, everything changed, fourteen orders:
/// one small one, nine gift codes, four parcels of which one is a seller's for ¥420,000.
fn night(world: &World, victim: &Person, steps: &mut Vec<Step>) {
    let mut dice = Dice::of(world.seed, &[0x9167]);
    let ip: IpAddr = network::draw(Kind::Fixed, "VN", &mut dice).any_address(&mut dice);
    let device = Device::computer(dice.bits());
    let mut intruder = Intruder::at(
        *world,
        Attack::JuneNight,
        victim,
        SIGN_IN_AT,
        Dice::of(world.seed, &[0x9168]),
    );
    intruder.comes_from(ip, device);
    intruder.sign_in(victim);
    change_everything(world, victim, &mut intruder, &mut dice);
    let new_address = dice.bits();
    let mut at = SIGN_IN_AT + 10 * MINUTE;
    for order in 0..14 {
        intruder.at = at + dice.between(0, 6 * MINUTE);
        at += 34 * MINUTE;
        let payment = intruder.victims_card(victim);
        let (lines, address) = match order {
            0 => (vec![Line::exactly(shelf(2), "文庫本", 660, None)], Some(new_address)),
            1..=9 => (vec![GIFT_CARDS.line(1.0, 1, &mut dice)], None),
            10 => {
                let camera =
                    Line::exactly(resale(), "ミラーレスカメラ 上位機", 420_000, Some("sel-3"));
                (vec![camera], Some(new_address))
            }
            _ => (vec![dice.pick(&RESALE).line(1.0, 1, &mut dice)], Some(new_address)),
        };
        intruder.order(lines, address, payment);
    }
    steps.append(&mut intruder.steps);
}

fn resale() -> &'static crate::shop::Shelf {
    RESALE.first().unwrap_or(&GIFT_CARDS)
}

fn shelf(number: usize) -> &'static crate::shop::Shelf {
    SHELVES.get(number).unwrap_or(&GIFT_CARDS)
}

fn change_everything(world: &World, victim: &Person, intruder: &mut Intruder, dice: &mut Dice) {
    let day = world.day(intruder.at);
    let (email, phone) = contacts(dice.bits());
    intruder.at = SIGN_IN_AT + 5 * MINUTE;
    intruder.change("profile.email_changed", "email", [victim.email(day), email]);
    intruder.at += MINUTE;
    intruder.change("profile.phone_changed", "phone", [victim.phone_number(day), phone]);
    intruder.at += MINUTE;
    intruder.push(What::Change { kind: "credential.passkey_added", change: None });
    intruder.at += MINUTE;
    let addresses = [victim.address(day), dice.bits()].map(|key| format!("adr-{:x}", key >> 16));
    intruder.change("profile.address_added", "address", addresses);
}
